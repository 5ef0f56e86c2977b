import { randomBytes } from 'node:crypto'
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from '../core/error.js'

export interface NewFile {
  /** Path as the user gave it. */
  readonly shown: string
  /** Write over a file that is there. */
  readonly force: boolean
}

/**
 * Writes a spec all or nothing, and over an existing file only when asked: `link` fails where `rename` would replace.
 *
 * @throws UsageError `spec-exists`
 */
export async function writeNew(file: string, text: string, { shown, force }: NewFile): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, text, { flag: 'wx' })
  try {
    if (force) await rename(draft, file)
    else await link(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new UsageError('spec-exists', `${shown} is there already`, {
      hint: 'Edit it, name another file, or write over it with --force.',
    })
  } finally {
    await rm(draft, { force: true })
  }
}
