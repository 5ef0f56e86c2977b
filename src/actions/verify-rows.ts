import type { PublishedTable } from '../catalog/replication.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Compares the rows of the listed tables on both sides at one position of the source's log. */
export interface VerifyRows extends ActionBase<'verify-rows'> {
  readonly method: 'count'
  readonly tables: readonly PublishedTable[]
  readonly publications: readonly string[]
  readonly subscription: string
  readonly slot: string
  readonly marks: readonly string[]
}

export const probeVerifyRows: Probe<VerifyRows> = (action, context) =>
  action.marks.every((mark) => context.marks.has(mark)) ? 'done' : 'absent'
