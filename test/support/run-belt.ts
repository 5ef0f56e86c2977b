import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { askBroker } from './broker-client.js'

export interface BeltRun {
  /** Null when it ended by a signal. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface BeltOptions {
  readonly cwd: string
  /** Added to an environment that has only PATH, HOME and TMPDIR; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Default: no input at all. */
  readonly stdin?: string
  /** Killed after so many milliseconds (default 400,000): only one that hangs takes so long. */
  readonly timeoutMs?: number
}

/** A belt that still runs: `kill` ends it (default SIGKILL), `done` resolves once it has ended. */
export interface RunningBelt {
  readonly pid: number
  readonly done: Promise<BeltRun>
  kill(signal?: NodeJS.Signals): void
  /** Resolves when its standard error has shown the text; rejects when it ends before. */
  saw(text: string): Promise<void>
}

/**
 * A belt of the tests lives for a second or two, and there are hundreds: what V8 spends on optimizing its JavaScript and
 * the WebAssembly of pg_dump is more than a third of all they take. The same code runs, compiled more simply.
 */
const QUICK_START = ['--no-opt', '--sparkplug', '--liftoff-only']

/** The folder with belt as JavaScript, built from src once per run: what `dist` is to a user. */
export async function builtBelt(): Promise<string> {
  return (await askBroker('build')) as string
}

/** Runs the CLI, built from src once per run, to its end. */
export async function runBelt(args: readonly string[], options: BeltOptions): Promise<BeltRun> {
  return (await startBelt(args, options)).done
}

export async function startBelt(args: readonly string[], options: BeltOptions): Promise<RunningBelt> {
  const main = path.join(await builtBelt(), 'cli/main.js')
  const child = spawn(process.execPath, [...QUICK_START, main, ...args], {
    cwd: options.cwd,
    env: environment(options.env ?? {}),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 400_000,
    killSignal: 'SIGKILL',
  })
  // A belt that never reads its input makes the write fail, which is no trouble of the test.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.stdin ?? '')
  const ended = new Promise<Pick<BeltRun, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      resolve({ code, signal })
    })
  })
  let shown = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (shown += chunk))
  const done = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(([end, stdout, stderr]) => ({
    ...end,
    stdout,
    stderr,
  }))
  return {
    pid: child.pid ?? -1,
    done,
    kill: (signal = 'SIGKILL') => child.kill(signal),
    saw: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (shown.includes(wanted)) resolve()
        }
        look()
        child.stderr.on('data', look)
        void ended.then(() => {
          reject(new Error(`belt ended without showing ${JSON.stringify(wanted)}:\n${shown}`))
        }, reject)
      }),
  }
}

function environment(extra: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, TMPDIR, ...extra }
}
