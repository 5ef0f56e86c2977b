import { access, readFile, readlink, realpath, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BeltError } from '../core/error.js'
import { MARKER } from './folder.js'

const PATIENCE_MS = 20_000

/**
 * Stops a server that an earlier belt started and kept (`EmbeddedServer.keep`), and removes its folder.
 *
 * @returns false when no server ran there
 * @throws BeltError `embedded-folder-unknown` when the folder is not that of a server, which is then left alone;
 *   `embedded-stop-failed` when it does not stop
 */
export async function stopKeptServer(folder: string): Promise<boolean> {
  const own = await realpath(folder).catch(() => folder)
  const dataDir = path.join(own, 'data')
  await access(path.join(own, MARKER)).catch((cause: unknown) => {
    throw new BeltError('embedded-folder-unknown', `${folder} is not the folder of a server that belt made`, { cause })
  })
  const pid = await postmasterOf(dataDir)
  if (pid !== undefined) {
    process.kill(pid, 'SIGINT')
    const deadline = Date.now() + PATIENCE_MS
    while ((await postmasterOf(dataDir)) !== undefined) {
      if (Date.now() > deadline) {
        throw new BeltError('embedded-stop-failed', `the server in ${folder} (process ${String(pid)}) does not stop`)
      }
      await delay(50)
    }
  }
  await rm(own, { recursive: true, force: true })
  return pid !== undefined
}

/** The number in postmaster.pid may have passed to another process: only one that works in the data folder counts. */
async function postmasterOf(dataDir: string): Promise<number | undefined> {
  const pid = Number((await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1) return undefined
  const cwd = await readlink(`/proc/${String(pid)}/cwd`).catch(() => undefined)
  return cwd === dataDir ? pid : undefined
}
