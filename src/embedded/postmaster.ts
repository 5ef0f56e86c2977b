import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BeltError } from '../core/error.js'
import type { Account } from './account.js'
import { PROGRAM_ENVIRONMENT } from './program.js'
import type { ProgramTree } from './tree.js'

/** What the postmaster of one server needs to be started, again and again. */
export interface PostmasterSetup {
  readonly tree: ProgramTree
  readonly account: Account | undefined
  readonly dataDir: string
  readonly logFile: string
}

const START_TIMEOUT_MS = 60_000

/**
 * Starts the server and resolves once it accepts connections. It runs in a session of its own, so that Ctrl-C in the
 * terminal reaches belt only, and does not keep the event loop alive.
 *
 * @throws BeltError `embedded-start-failed` with the end of the server's log
 */
export async function startPostmaster(setup: PostmasterSetup, signal?: AbortSignal): Promise<ChildProcess> {
  signal?.throwIfAborted()
  const log = await open(setup.logFile, 'a', 0o600)
  const child = spawn(path.join(setup.tree.bin, 'postgres'), ['-D', setup.dataDir], {
    cwd: '/',
    env: PROGRAM_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...setup.account,
  })
  const failed = new Promise<Error>((resolve) => child.once('error', resolve))
  await log.close()
  try {
    await waitUntilReady(child, setup, failed, signal)
  } catch (error) {
    await stopPostmaster(child, 'SIGQUIT')
    throw error
  }
  child.unref()
  return child
}

async function waitUntilReady(
  child: ChildProcess,
  setup: PostmasterSetup,
  failed: Promise<Error>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  let spawnError: Error | undefined
  void failed.then((error) => (spawnError = error))
  while (!(await isReady(setup.dataDir, child.pid))) {
    const gone = child.exitCode !== null || child.signalCode !== null || spawnError !== undefined
    if (gone || Date.now() > deadline) {
      const log = await readFile(setup.logFile, 'utf8').catch(() => '')
      const reason = spawnError?.message ?? log.trim().split('\n').slice(-5).join('\n')
      const what = gone ? 'ended while starting' : `was not ready after ${String(START_TIMEOUT_MS / 1000)} s`
      throw new BeltError('embedded-start-failed', `Postgres ${String(setup.tree.major)} ${what}: ${reason}`, {
        hint: `Its log is ${setup.logFile}.`,
        cause: spawnError,
      })
    }
    await delay(20, undefined, { signal })
  }
}

/** Line 8 of postmaster.pid is the state since version 10: what pg_ctl -w waits for, too. */
async function isReady(dataDir: string, pid: number | undefined): Promise<boolean> {
  const lines = (await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready'
}

/** SIGINT is a fast shutdown, SIGQUIT an immediate one; whoever has not gone after 20 s is killed. */
export async function stopPostmaster(child: ChildProcess, how: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (hasEnded(child)) return
  child.ref()
  const exit = once(child, 'exit')
  child.kill(how)
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await exit
  clearTimeout(timer)
}

/** Kills the server and all its processes at once, as a machine that loses its power would. */
export async function killPostmaster(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.ref()
  const exit = once(child, 'exit')
  const pid = String(child.pid)
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const backends = children.trim().split(' ').filter(Boolean).map(Number)
  child.kill('SIGKILL')
  for (const backend of backends) kill(backend)
  await exit
  // A restart refuses while a process of the old server is attached to its shared memory.
  while ((await Promise.all(backends.map(isAlive))).includes(true)) await delay(10)
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself: a backend does so when its postmaster is gone.
  }
}

/** A zombie holds nothing any more, and who its new parent is decides how long it stays one. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '')
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0]
  return state !== undefined && state !== 'Z'
}
