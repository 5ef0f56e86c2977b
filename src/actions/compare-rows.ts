import type { PublishedTable } from '../catalog/replication.js'
import type { Side } from '../core/side.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** How much must have been compared, and how old it may be when a side is closed. */
export interface WantedComparison {
  /** `full`, or so many rows of each table. */
  readonly depth: 'full' | { readonly sample: number }
  /** From the beginning of the comparison; milliseconds. */
  readonly maxAgeMs: number
  readonly tables: readonly PublishedTable[]
}

/** Compares the rows of the tables on both sides while changes stream, unless that was done recently enough. */
export interface CompareRows extends ActionBase<'compare-rows'> {
  /** The side that serves now. */
  readonly from: Side
  readonly slot: string
  readonly subscription: string
  readonly wanted: WantedComparison
  /** Bytes of tables that inside the pause can be compared again; rows that never come to rest are left to it. */
  readonly restBytes: number
  /** Marks that stand for it once they are all set; of one that is no part of a handover. */
  readonly provenBy?: readonly string[]
}

/** Whether it was done recently enough is asked by every run: a plan knows no clock. */
export const probeCompareRows: Probe<CompareRows> = ({ provenBy }, { marks }) =>
  provenBy?.every((mark) => marks.has(mark)) === true ? 'done' : 'absent'
