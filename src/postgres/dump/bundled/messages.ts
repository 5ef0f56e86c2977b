import type { MessagePort } from 'node:worker_threads'

/** What the worker is started with. */
export interface WorkerInput {
  readonly wasmFile: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Uint8Array chunks of what the server sent; null when the connection is closed. */
  readonly fromServer: MessagePort
  /** Grows, with a notification, after each message on `fromServer`. */
  readonly arrivals: Int32Array<SharedArrayBuffer>
}

/** What the worker says. */
export type WorkerMessage =
  | { readonly kind: 'write' | 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  /** So many bytes of the server have been read. */
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'exit'; readonly code: number }
