import type { Side } from '../core/side.js'
import type { ActionBase } from './base.js'
import { holds } from './condition.js'
import type { Ensure } from './ensure.js'
import type { Probe } from './probe-context.js'

/**
 * Waits until the receiving side has everything (rule 17): a marker row is committed on the fenced side and seen on the
 * other. `sql` writes the marker; it is published like any row, so whatever was committed before it has arrived with it.
 */
export interface Drain extends ActionBase<'drain'> {
  readonly receiver: Side
  readonly markerTable: string
  readonly slot: string
  readonly subscription: string
  /** None under a fence that does not hold everybody: then nothing is known of what was written since. */
  readonly marks: readonly string[]
  /** Not waited for any more once this holds; of one that is no part of a handover. */
  readonly unless?: NonNullable<Ensure['unless']>
}

/**
 * Asked again while the old direction still runs, for that takes a moment. Once it was stopped nothing can arrive any
 * more, and the mark tells that everything had.
 */
export const probeDrain: Probe<Drain> = (action, context) => {
  const { unless } = action
  if (unless !== undefined && holds(unless.condition, context[unless.side])) return 'done'
  const drained = action.marks.length > 0 && action.marks.every((mark) => context.marks.has(mark))
  const runs = context[action.receiver].subscriptionByName(action.subscription)?.enabled === true
  return drained && !runs ? 'done' : 'absent'
}
