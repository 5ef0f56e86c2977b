import { spawn } from 'node:child_process'
import { aborted } from '../aborted.js'

export interface ProgramOutput {
  readonly exitCode: number | null
  readonly exitSignal: NodeJS.Signals | null
  readonly stdout: Buffer
  /** The last 64 KiB of it. */
  readonly stderr: string
}

export interface RunOptions {
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Open files that the child gets as descriptors 3, 4, … */
  readonly descriptors?: readonly number[]
}

const STDERR_LIMIT = 64 * 1024
/** SIGTERM lets pg_dump cancel its query on the server; after this time it is killed. */
const KILL_AFTER_MS = 3000

/** Runs a program to its end. Rejects when it cannot start, and with `aborted` once it is gone after an abort. */
export async function runProgram(file: string, args: readonly string[], options: RunOptions): Promise<ProgramOutput> {
  if (options.signal.aborted) throw aborted(options.signal)
  return await new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.descriptors ?? [])],
    })
    const stdout: Buffer[] = []
    let stderr = ''
    let killTimer: NodeJS.Timeout | undefined
    const stop = (): void => {
      child.kill('SIGTERM')
      killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
    }
    options.signal.addEventListener('abort', stop, { once: true })
    const release = (): void => {
      clearTimeout(killTimer)
      options.signal.removeEventListener('abort', stop)
    }
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(-STDERR_LIMIT)
    })
    child.on('error', (error) => {
      release()
      reject(error)
    })
    child.on('close', (exitCode, exitSignal) => {
      release()
      if (options.signal.aborted) reject(aborted(options.signal))
      else resolve({ exitCode, exitSignal, stdout: Buffer.concat(stdout), stderr })
    })
  })
}
