import type { Readable, Writable } from 'node:stream'
import type pg from 'pg'
import { BeltError } from '../core/error.js'
import { throwIfAborted } from './aborted.js'
import { copyIn, copyOut } from './copy-stream.js'
import { connectionLost, translateError } from './driver-error.js'
import type { Redact } from './server-error.js'
import type { Session, SqlValue } from './session.js'

export interface ClientSessionParts {
  readonly client: pg.Client
  readonly pid: number
  readonly serverVersion: number
  readonly endpoint: string
  readonly redact: Redact
  /** The caller's wish to stop: the running statement is cancelled and later ones are refused. */
  readonly signal: AbortSignal
  readonly lost: AbortSignal
  readonly cancel: (pid: number) => Promise<boolean>
}

/** A Session over one node-postgres client. */
export class ClientSession implements Session {
  readonly pid: number
  readonly serverVersion: number
  readonly major: number
  readonly endpoint: string
  readonly lost: AbortSignal
  readonly #parts: ClientSessionParts
  /** Ends when every statement so far has ended; the driver's own queue is deprecated. */
  #tail: Promise<unknown> = Promise.resolve()

  constructor(parts: ClientSessionParts) {
    this.pid = parts.pid
    this.serverVersion = parts.serverVersion
    this.major = Math.floor(parts.serverVersion / 10_000)
    this.endpoint = parts.endpoint
    this.lost = parts.lost
    this.#parts = parts
  }

  async query<Row>(text: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return this.#enqueue(text, async () => {
      const result = await this.#parts.client.query<Row & pg.QueryResultRow, unknown[]>({ text, values: [...values] })
      return result.rows
    })
  }

  async one<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row> {
    const rows = await this.query<Row>(text, values)
    const [row] = rows
    if (row === undefined || rows.length > 1) {
      throw new BeltError('row-count', `expected one row and got ${rows.length}: ${this.#parts.redact(text.trim())}`)
    }
    return row
  }

  async exec(text: string): Promise<number | undefined> {
    return this.#enqueue(text, async () => {
      const result: pg.QueryResult | readonly pg.QueryResult[] = await this.#parts.client.query(text)
      if ('length' in result) {
        throw new BeltError('several-statements', 'a text meant as one statement held several, and all of them ran')
      }
      return result.rowCount ?? undefined
    })
  }

  async copyOut<Result>(text: string, use: (rows: Readable) => Promise<Result>): Promise<Result> {
    return this.#enqueue(text, () => copyOut(this.#parts.client, text, () => this.cancel(), use))
  }

  async copyIn<Result>(text: string, use: (rows: Writable) => Promise<Result>): Promise<Result> {
    return this.#enqueue(text, () => copyIn(this.#parts.client, text, use))
  }

  async commit(): Promise<'committed' | 'rolled back'> {
    return this.#enqueue('commit', async () => {
      const result = await this.#parts.client.query('commit')
      return result.command === 'COMMIT' ? 'committed' : 'rolled back'
    })
  }

  async rollback(): Promise<void> {
    const run = async (): Promise<void> => {
      if (!this.lost.aborted) await this.#parts.client.query('rollback')
    }
    const turn = this.#tail.then(run)
    this.#tail = turn.catch(() => undefined)
    // A failed rollback means a broken connection, and then the server rolls back by itself.
    await turn.catch(() => undefined)
  }

  async cancel(): Promise<boolean> {
    return this.#parts.cancel(this.pid)
  }

  async #enqueue<Result>(text: string, run: () => Promise<Result>): Promise<Result> {
    const turn = this.#tail.then(() => this.#guarded(text, run))
    this.#tail = turn.catch(() => undefined)
    return turn
  }

  async #guarded<Result>(text: string, run: () => Promise<Result>): Promise<Result> {
    const { signal, lost, redact } = this.#parts
    throwIfAborted(signal)
    if (lost.aborted) throw connectionLost(this.endpoint, lost.reason)
    const stop = (): void => void this.cancel().catch(() => this.#parts.client.connection.stream.destroy())
    signal.addEventListener('abort', stop, { once: true })
    try {
      return await run()
    } catch (error) {
      throwIfAborted(signal)
      throw translateError(error, { statement: text, endpoint: this.endpoint, redact })
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
