import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** What others could read of a running program: its arguments, and arguments and environment of all it starts. */
export interface Watch {
  stop(): Promise<readonly string[]>
}

export function watchProcess(pid: number): Watch {
  const seen = new Set<string>()
  const stopped = new AbortController()
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      for (const child of await descendants(pid)) {
        seen.add(await read(`/proc/${String(child)}/cmdline`))
        if (child !== pid) seen.add(await read(`/proc/${String(child)}/environ`))
      }
      await delay(15)
    }
  })()
  return {
    stop: async () => {
      stopped.abort()
      await watching
      return [...seen]
    },
  }
}

async function descendants(pid: number): Promise<readonly number[]> {
  const tasks = await readdir(`/proc/${String(pid)}/task`).catch(() => [])
  const children = await Promise.all(tasks.map((task) => read(`/proc/${String(pid)}/task/${task}/children`)))
  const pids = children.flatMap((text) =>
    text
      .split(' ')
      .filter((word) => word !== '')
      .map(Number),
  )
  return [pid, ...(await Promise.all(pids.map(descendants))).flat()]
}

async function read(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).replaceAll('\u0000', '\n')
}
