import type { Duplex } from 'node:stream'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { loginAnswer, readFirstMessage } from './wire-protocol.js'

/** Bytes that may wait for the worker before the socket is held back, and when it may go on. */
const HIGH_WATER = 4 * 1024 * 1024
const LOW_WATER = 1024 * 1024

const FAREWELL_MS = 2000

/** A logged-in connection to a server, taken over from the driver between two statements. */
export interface RawSession {
  readonly stream: Duplex
  readonly pid: number
  /** What the server would have reported at login. */
  readonly parameters: readonly (readonly [string, string])[]
}

/** The main thread's end of the line between the socket and the worker. */
export class Wire {
  readonly port: MessagePort
  readonly arrivals = new Int32Array(new SharedArrayBuffer(4))
  /** Why the connection ended before it was let go. */
  lost: Error | undefined
  readonly #session: RawSession
  readonly #own: MessagePort
  #waiting = 0
  #startup: Buffer | undefined = Buffer.alloc(0)
  #released = false

  constructor(session: RawSession) {
    const channel = new MessageChannel()
    this.#own = channel.port1
    this.port = channel.port2
    this.#session = session
    const { stream } = session
    // The driver's parser must see nothing of what follows; its handling of errors stays.
    stream.removeAllListeners('data')
    stream.on('data', (chunk: Buffer) => this.#toWorker(chunk))
    stream.once('error', (error: Error) => (this.lost ??= error))
    stream.once('close', () => {
      if (!this.#released) this.lost ??= new Error('the server closed the connection')
      this.#post(null)
    })
  }

  /** Bytes that pg_dump sends. */
  write(bytes: Uint8Array): void {
    if (this.#startup === undefined) {
      this.#session.stream.write(bytes)
      return
    }
    this.#startup = Buffer.concat([this.#startup, bytes])
    const first = readFirstMessage(this.#startup)
    if (first === 'incomplete') return
    this.#startup = first === 'startup' ? undefined : Buffer.alloc(0)
    const { parameters, pid } = this.#session
    this.#toWorker(first === 'startup' ? loginAnswer(parameters, pid) : Buffer.from('N'))
  }

  /** pg_dump has read so many bytes. */
  taken(bytes: number): void {
    this.#waiting -= bytes
    if (this.#waiting < LOW_WATER) this.#session.stream.resume()
  }

  /** Lets the connection go, with what is still to be sent (pg_dump's goodbye) if that goes at once. */
  release(): void {
    this.#released = true
    this.#own.close()
    const { stream } = this.#session
    const timer = setTimeout(() => stream.destroy(), FAREWELL_MS)
    stream.end(() => {
      clearTimeout(timer)
      stream.destroy()
    })
  }

  #toWorker(chunk: Buffer): void {
    // A copy of its own: posting a view would copy the whole pool that the chunk is cut from.
    const bytes = new Uint8Array(chunk)
    this.#waiting += bytes.length
    if (this.#waiting > HIGH_WATER) this.#session.stream.pause()
    this.#post(bytes)
  }

  #post(bytes: Uint8Array<ArrayBuffer> | null): void {
    if (this.#released) return
    this.#own.postMessage(bytes, bytes === null ? [] : [bytes.buffer])
    Atomics.add(this.arrivals, 0, 1)
    Atomics.notify(this.arrivals, 0)
  }
}
