import { spawn, type ChildProcess } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Account } from './account.js'

/** How a program ended: `code` is null when it could not be started or was killed. */
export interface ProgramResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly account?: Account | undefined
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

/** The environment of every program of a server: nothing of the caller's own PG* variables, locale or libraries. */
export const PROGRAM_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

/**
 * Runs a program to its end without a shell. Rejects only when `signal` aborts it, and then only after the program and
 * all that it started have gone (initdb starts postgres, which would go on writing).
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  { account, timeoutMs = 60_000, signal }: ProgramOptions = {},
): Promise<ProgramResult> {
  signal?.throwIfAborted()
  const child = spawn(file, args, {
    cwd: '/',
    env: PROGRAM_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...account,
  })
  const endAll = (): void => {
    killGroup(child.pid)
  }
  const timer = setTimeout(endAll, timeoutMs)
  signal?.addEventListener('abort', endAll, { once: true })
  const [ended, stdout, stderr] = await Promise.all([endOf(child), text(child.stdout), text(child.stderr)])
  clearTimeout(timer)
  signal?.removeEventListener('abort', endAll)
  signal?.throwIfAborted()
  return { code: ended.code, stdout, stderr: stderr === '' ? ended.why : stderr }
}

async function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly why: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, why: error.message })
    })
    child.once('close', (code, killedBy) => {
      resolve({ code, why: killedBy === null ? '' : `ended by ${killedBy}` })
    })
  })
}

/** It leads a process group of its own, which holds everything it started. */
function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL')
  } catch {
    // The whole group has ended by itself.
  }
}
