import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** The processes that still work inside a folder after `patienceMs`, as `pid command` lines. */
export async function processesIn(folder: string, patienceMs: number): Promise<readonly string[]> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const found = await scan(folder)
    if (found.length === 0 || Date.now() > deadline) return found
    await delay(100)
  }
}

async function scan(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (cwd !== folder && !cwd.startsWith(`${folder}/`)) continue
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    found.push(`${pid} ${command.replaceAll('\u0000', ' ').trim()}`)
  }
  return found
}
