import type { Following } from './following.js'
import type { Comparison } from './comparison.js'
import type { Pace, PaceLimits } from './pace.js'
import type { Meter } from './progress.js'
import type { RangeProgress } from './resume-token.js'
import type { Seeds } from './row-hash.js'
import type { SideSessions } from './side-sessions.js'
import type { TableResult } from './verify-result.js'

/** What all tables of a verification share. */
export interface RunContext {
  readonly seeds: Seeds
  readonly jobs: number
  readonly chunkRows: number | undefined
  readonly maxDifferences: number
  readonly showValues: boolean
  readonly patienceMs: number
  readonly limits: PaceLimits
  readonly pace: Pace
  readonly meter: Meter
  readonly signal: AbortSignal
  /** Told of a chunk or bucket of a table that differs. */
  readonly suspected: (table: string) => void
  /** By the table's mode. */
  readonly following: Following
  readonly majors: { readonly source: number; readonly target: number }
}

export type Task = (sessions: SideSessions) => Promise<void>

/** One table being compared: tasks for any worker, then one that looks into what differed. */
export interface TableRun {
  readonly comparison: Comparison
  /** The next task, or undefined when all have been handed out. Tasks may run at once, and in any order. */
  take(sessions: SideSessions): Promise<Task | undefined>
  /** After all tasks ended well. */
  finish(sessions: SideSessions): Promise<TableResult>
  /** What a later run can go on from; undefined when it must begin again. */
  progress(): RangeProgress | undefined
}
