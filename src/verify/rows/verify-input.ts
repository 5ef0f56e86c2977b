import type { PublishedTable } from '../../catalog/replication.js'
import type { Side } from '../../core/side.js'
import type { ConnectionSettings } from '../../postgres/connection-settings.js'
import type { ResumeToken } from './resume-token.js'
import type { VerifyProgress } from './progress.js'

/** Which way changes stream while rows are compared. */
export interface Streaming {
  /** The side whose slot the changes come from: `source`, or `target` after a cutover with reverse replication. */
  readonly publisher: Side
  /** The slot of the subscription (or pglogical's) that brings them to the other side. */
  readonly slot: string
}

export interface VerifyTable extends PublishedTable {
  /** `stream`: changes arrive through the slot. `at-rest`: nobody writes on either side while it is compared. */
  readonly mode: 'stream' | 'at-rest'
}

export interface VerifyInput {
  readonly connections: Readonly<Record<Side, ConnectionSettings>>
  readonly tables: readonly VerifyTable[]
  /** Needed when a table has mode `stream`. */
  readonly streaming?: Streaming
  /** Chunks compared at once, each with one connection to either side; 2. */
  readonly jobs?: number
  /** `full`, or so many rows of each table picked at random on either side (tables without key are compared in full). */
  readonly depth?: 'full' | { readonly sample: number }
  /** Rows of a chunk; by default as many as make about 32 MB, 100 to 50,000. */
  readonly chunkRows?: number
  /** Over all jobs, counted on the source. */
  readonly maxRowsPerSecond?: number
  /** Over all jobs, by the tables' average row size. */
  readonly maxBytesPerSecond?: number
  /** Differences named for each table; 100. Beyond them a table is only known to differ more. */
  readonly maxDifferences?: number
  /** Show the values of differing rows. They are the application's data and end up in the result. */
  readonly showValues?: boolean
  /** Milliseconds a statement on one chunk may take; 600,000. Scans of whole tables have no limit. */
  readonly statementTimeoutMs?: number
  /** Milliseconds a row that keeps changing is watched before belt gives up on it; 60,000. */
  readonly patienceMs?: number
  readonly resume?: ResumeToken
  /**
   * Called as soon as a chunk or bucket of a table, by name, was seen to differ, before it is looked into: at rest that is
   * a difference already, even if the verification is ended before it can name it.
   */
  readonly onSuspect?: (table: string) => void
  readonly onProgress?: (progress: VerifyProgress) => void
  /** Called after every chunk with what a later run can go on from. */
  readonly onToken?: (token: () => ResumeToken) => void
}
