import { execFile } from 'node:child_process'
import { chmod, mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Which release of Debian ships which major with pglogical. */
const SUITES: Readonly<Record<number, string>> = { 13: 'bullseye', 15: 'bookworm', 17: 'trixie', 18: 'forky' }

const SCRIPT = fileURLToPath(new URL('debian-tree.sh', import.meta.url))

/**
 * The folder `…/bin` of Debian's programs of a major, fetched once per machine: 30 to 40 MB and half a minute.
 * BELT_TEST_CACHE names the cache; it must be a folder that other users can enter.
 */
export async function fetchDebianTree(major: number): Promise<string> {
  const suite = SUITES[major]
  if (suite === undefined) throw new Error(`no release of Debian has Postgres ${String(major)} with pglogical`)
  const cache = process.env['BELT_TEST_CACHE'] ?? `/var/tmp/belt-test-cache-${String(process.getuid?.())}`
  await mkdir(cache, { recursive: true })
  await chmod(cache, 0o755)
  const folder = path.join(cache, `debian-postgres-${String(major)}`)
  const bin = path.join(folder, 'usr/lib/postgresql', String(major), 'bin')
  // Another run on this machine may be fetching the same.
  await withLock(`${folder}.lock`, async () => {
    if (await runs(path.join(bin, 'postgres'))) return
    await promisify(execFile)('bash', [SCRIPT, String(major), suite, folder], { timeout: 540_000 }).catch(
      (cause: unknown) => {
        const reason = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause)
        const message = `CANNOT FETCH Debian's Postgres ${String(major)}, which this test needs: ${reason}`
        process.stderr.write(`${message}\n`)
        throw new Error(message, { cause })
      },
    )
    if (!(await runs(path.join(bin, 'postgres')))) throw new Error(`${bin}/postgres does not run`)
  })
  return bin
}

async function runs(program: string): Promise<boolean> {
  return promisify(execFile)(program, ['--version']).then(
    () => true,
    () => false,
  )
}

async function withLock(file: string, use: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 600_000
  for (;;) {
    const handle = await open(file, 'wx').catch(() => undefined)
    if (handle !== undefined) {
      await handle.write(String(process.pid))
      await handle.close()
      break
    }
    await removeStale(file)
    if (Date.now() > deadline) throw new Error(`another test run holds ${file}`)
    await delay(250)
  }
  try {
    await use()
  } finally {
    await rm(file, { force: true })
  }
}

/** A lock is refreshed by nobody, so one older than any fetch may take belongs to a run that was killed. */
async function removeStale(file: string): Promise<void> {
  const made = await stat(file).catch(() => undefined)
  if (made !== undefined && Date.now() - made.mtimeMs > 560_000) await rm(file, { force: true })
}
