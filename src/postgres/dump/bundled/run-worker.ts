import { Worker } from 'node:worker_threads'
import type { WorkerInput, WorkerMessage } from './messages.js'
import type { Wire } from './wire.js'

export interface WorkerOutput {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

const WORKER = new URL('./worker.js', import.meta.url)

/** Runs pg_dump in a worker thread over `wire`. After an abort the thread is gone when the promise rejects. */
export async function runWorker(
  input: Pick<WorkerInput, 'wasmFile' | 'args' | 'environment'>,
  wire: Wire,
  signal: AbortSignal,
): Promise<WorkerOutput> {
  signal.throwIfAborted()
  const workerData: WorkerInput = { ...input, fromServer: wire.port, arrivals: wire.arrivals }
  const worker = new Worker(WORKER, { workerData, transferList: [wire.port], env: {}, execArgv: [] })
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await outputOf(worker, wire)
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}

async function outputOf(worker: Worker, wire: Wire): Promise<WorkerOutput> {
  return await new Promise((resolve, reject) => {
    const stdout: Uint8Array[] = []
    const stderr: Uint8Array[] = []
    const handle = (message: WorkerMessage): void => {
      switch (message.kind) {
        case 'write':
          wire.write(message.bytes)
          return
        case 'taken':
          wire.taken(message.bytes)
          return
        case 'stdout':
          stdout.push(message.bytes)
          return
        case 'stderr':
          stderr.push(message.bytes)
          return
        case 'exit':
          resolve({
            exitCode: message.code,
            stdout: Buffer.concat(stdout),
            stderr: Buffer.concat(stderr).toString('utf8'),
          })
          return
      }
    }
    worker.on('message', (message: WorkerMessage) => {
      try {
        handle(message)
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    })
    worker.once('error', reject)
    worker.once('messageerror', reject)
    worker.once('exit', () => reject(new Error('the thread of the bundled pg_dump ended without a result')))
  })
}
