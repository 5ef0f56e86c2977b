import type { Readable, Writable } from 'node:stream'

/** What may be passed as a parameter. Pass int8 and numeric as text or bigint, times as text, JSON as its text. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | readonly SqlValue[]

/**
 * One prepared connection to one database; the only thing the other folders see of the driver.
 *
 * Rows hold text for int8, numeric, dates, times, intervals, enums and all user types; numbers for int2, int4, oid and
 * floats; parsed values for json; arrays for arrays of these, name[] included. Every failure is a BeltError without
 * secrets: SqlError when the server refused, `connection-lost` when the session is gone, `aborted` after the signal.
 * Statements queue: the second waits until the first is done.
 */
export interface Session {
  /** The server process, from pg_backend_pid(): behind a pooler the driver's own number means nothing. */
  readonly pid: number
  /** server_version_num, e.g. 170010. */
  readonly serverVersion: number
  /** 12 to 18. */
  readonly major: number
  /** `user@host:port/database`, for messages. */
  readonly endpoint: string
  /** Fires, with the reason, when the connection is lost; not when belt closes it. */
  readonly lost: AbortSignal
  /** One statement with its values; all rows. */
  query<Row>(text: string, values?: readonly SqlValue[]): Promise<readonly Row[]>
  /** The only row; throws `row-count` when there is none or more than one. */
  one<Row>(text: string, values?: readonly SqlValue[]): Promise<Row>
  /** One statement without values, sent as it is (simple protocol). Gives the number of rows it touched, if any. */
  exec(text: string): Promise<number | undefined>
  /** `copy … to stdout`: `use` must read to the end. */
  copyOut<Result>(text: string, use: (rows: Readable) => Promise<Result>): Promise<Result>
  /** `copy … from stdin`: `use` writes and ends the stream, or throws, which makes the server give up the COPY. */
  copyIn<Result>(text: string, use: (rows: Writable) => Promise<Result>): Promise<Result>
  /** `commit`; the server answers it with a rollback when a statement of the transaction had failed. */
  commit(): Promise<'committed' | 'rolled back'>
  /** `rollback`, also after the signal fired; silent when the connection is gone, for then the server rolls back. */
  rollback(): Promise<void>
  /** Cancels the running statement with pg_cancel_backend from another connection; false if nothing was there. */
  cancel(): Promise<boolean>
}
