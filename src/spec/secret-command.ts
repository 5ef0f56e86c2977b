import { spawn, type ChildProcess } from 'node:child_process'

export interface SecretCommandOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal | undefined
}

/** `failure` says what happened in words that hold nothing the program was given or printed. */
export type SecretCommandResult = { readonly output: string } | { readonly failure: string }

/**
 * Runs a program without a shell, without input and without showing what it complains about, and gives what it
 * printed. When it takes too long, prints too much or is aborted, it ends together with all its children: it runs
 * in a process group of its own. Rejects only with the signal's reason.
 */
export async function runSecretCommand(
  command: readonly string[],
  { cwd, env, timeoutMs, maxBytes, signal }: SecretCommandOptions,
): Promise<SecretCommandResult> {
  const [program = '', ...args] = command
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
    const chunks: Buffer[] = []
    const finish = (settle: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    const end = (failure: string): void => {
      endGroup(child)
      finish(() => {
        resolve({ failure })
      })
    }
    const onAbort = (): void => {
      endGroup(child)
      finish(() => {
        reject(reasonOf(signal))
      })
    }
    const timer = setTimeout(end, timeoutMs, `did not finish within ${timeoutMs / 1000} seconds`)
    signal?.addEventListener('abort', onAbort)
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (Buffer.concat(chunks).length > maxBytes) end(`printed more than ${maxBytes} bytes`)
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      finish(() => {
        resolve({
          failure: error.code === 'ENOENT' ? 'was not found' : `could not start: ${error.code ?? 'unknown error'}`,
        })
      })
    })
    child.on('close', (code, killedBy) => {
      finish(() => {
        if (code === 0) resolve({ output: Buffer.concat(chunks).toString('utf8') })
        else resolve({ failure: code === null ? `was ended by ${killedBy ?? 'a signal'}` : `exited with code ${code}` })
      })
    })
  })
}

function endGroup(child: ChildProcess): void {
  child.stdout?.destroy()
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    // ESRCH: the last of the group has just ended by itself. EPERM: it runs as somebody else and stays; belt goes on.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
