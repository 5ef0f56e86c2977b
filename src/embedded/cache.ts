import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { BeltError } from '../core/error.js'
import { temporaryFolder } from './folder.js'

/**
 * A folder that everybody can read and only this user can write, filled by `fill` once per `name`.
 *
 * @throws BeltError `embedded-unavailable` when the cache belongs to somebody else
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const place = await temporaryFolder(undefined)
  const cache = await ownFolder(path.join(place, `belt-servers-${String(process.getuid?.())}`))
  const wanted = path.join(cache, name)
  if (await exists(wanted)) return wanted
  const part = await mkdtemp(`${wanted}.`)
  try {
    await fill(part)
    await chmod(part, 0o755)
    await rename(part, wanted)
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    // Two runs may make the same folder: the first to arrive wins, the other takes what is there.
    if (!(await exists(wanted))) throw error
  }
  return wanted
}

/** Copies a folder and lets everybody read the copy. */
export async function copyReadable(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
  await openForReading(to)
}

/** Lets everybody read a folder with all that is in it, and run its programs. */
export async function openForReading(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name)
    if (entry.isDirectory()) await openForReading(at)
    else if (entry.isFile()) await chmod(at, ((await lstat(at)).mode & 0o100) === 0 ? 0o644 : 0o755)
  }
}

/** Programs are run from here: a folder of the same name that somebody else planted must not be used. */
async function ownFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const found = await lstat(folder)
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return folder
  throw new BeltError('embedded-unavailable', `${folder} is not a folder that only you can write`, {
    hint: 'Remove it, or set TMPDIR to a folder of your own that other users can enter.',
  })
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  )
}
