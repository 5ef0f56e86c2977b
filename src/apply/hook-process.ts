import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface HookProcess {
  readonly command: readonly string[]
  readonly cwd: string
  /** The whole environment: nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ends it with all its children. */
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

/** SIGTERM lets a program take back what it began; after this time it is killed. */
const KILL_AFTER_MS = 3_000
/** A child that a hook leaves running on purpose may hold its output open for ever. */
const LAST_WORDS_MS = 200

/**
 * Runs a program without a shell and without input, in a process group of its own, and gives how it ended in words;
 * undefined means exit code 0. What it prints, to either stream, is given line by line.
 */
export async function runHookProcess({ command, cwd, env, signal, onLine }: HookProcess): Promise<string | undefined> {
  const [program = '', ...args] = command
  if (signal.aborted) return 'was not started'
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let killTimer: NodeJS.Timeout | undefined
    const stop = (): void => {
      if (!endGroup(child, 'SIGTERM')) settle('could not be ended: it runs as another user')
      else killTimer = setTimeout(() => endGroup(child, 'SIGKILL'), KILL_AFTER_MS)
    }
    const settle = (failure: string | undefined): void => {
      clearTimeout(killTimer)
      signal.removeEventListener('abort', stop)
      child.stdout.destroy()
      child.stderr.destroy()
      resolve(failure)
    }
    signal.addEventListener('abort', stop, { once: true })
    const read = Promise.all([readLines(child.stdout, onLine), readLines(child.stderr, onLine)])
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle(error.code === 'ENOENT' ? 'was not found' : `could not be started: ${error.code ?? 'unknown error'}`)
    })
    child.on('exit', (code, killedBy) => {
      // The leader is gone; a child of it may have taken no notice of SIGTERM, and nobody would end it any more.
      if (signal.aborted) endGroup(child, 'SIGKILL')
      const failure =
        code === 0
          ? undefined
          : code === null
            ? `was ended by ${killedBy ?? 'a signal'}`
            : `exited with ${String(code)}`
      const late = setTimeout(() => settle(failure), LAST_WORDS_MS)
      void read.then(() => {
        clearTimeout(late)
        settle(failure)
      })
    })
  })
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Infinity })
  lines.on('line', onLine)
  await new Promise<void>((resolve) => {
    lines.on('close', resolve)
    stream.on('error', () => lines.close())
  })
}

/** False when it may not be ended: a program that runs as somebody else (sudo) is out of belt's reach. */
function endGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return true
  try {
    process.kill(-child.pid, signal)
    return true
  } catch (error) {
    // ESRCH: the last of the group has just ended by itself.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
