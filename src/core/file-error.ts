import { BeltError } from './error.js'

/** What an operating system says of a file, in words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the quota is used up',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
}

/** An error of the file system as one of belt's; undefined for any other error. Its text holds a path and no content. */
export function fileError(error: unknown): BeltError | undefined {
  if (!(error instanceof Error) || error instanceof BeltError) return undefined
  if (!('code' in error && 'path' in error && 'syscall' in error)) return undefined
  const { code, path } = error
  const reason = typeof code === 'string' ? REASONS[code] : undefined
  if (reason === undefined || typeof path !== 'string') return undefined
  return new BeltError('file-failed', `${path} cannot be read or written: ${reason}`, {
    hint: 'Give belt a place where it may: run it in another folder, name another file, set state.path, or keep the state on the target with state: { backend: postgres }.',
    cause: error,
  })
}
