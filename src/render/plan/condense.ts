import type { Action } from '../../actions/action.js'
import type { Side } from '../../core/side.js'
import { isRoutine } from './sql-detail.js'

/** Actions of one noun that stand in a plan's text as one line. */
export interface Batch {
  readonly side: Side
  /** `table`, `index`, `default acl`. */
  readonly noun: string
  readonly actions: readonly Action[]
}

export type Line = { readonly action: Action } | { readonly batch: Batch }

/** More routine actions than this in a plan and they are counted by noun, unless the reader asks for all. */
export const LISTED_AT_MOST = 200

/**
 * The lines of one phase. When `condense` is set, routine actions are put together by noun where the first of them
 * stands; every action is in exactly one line.
 */
export function linesOf(actions: readonly Action[], condense: boolean): readonly Line[] {
  if (!condense) return actions.map((action) => ({ action }))
  const batches = new Map<string, Action[]>()
  const order: (Action | string)[] = []
  for (const action of actions) {
    const key = `${action.side} ${nounOf(action)}`
    const batch = batches.get(key)
    if (!isRoutine(action)) order.push(action)
    else if (batch) batch.push(action)
    else {
      batches.set(key, [action])
      order.push(key)
    }
  }
  return order.map((entry) => {
    if (typeof entry !== 'string') return { action: entry }
    const batch = batches.get(entry) ?? []
    const [first] = batch
    if (first === undefined) throw new RangeError('a batch has at least one action')
    return batch.length === 1 ? { action: first } : { batch: { side: first.side, noun: nounOf(first), actions: batch } }
  })
}

export function routineCount(actions: readonly Action[]): number {
  return actions.filter(isRoutine).length
}

/** The word an action's id begins with: `default-acl.public` is a `default acl`. */
export function nounOf(action: Action): string {
  return (action.id.split('.', 1)[0] ?? action.kind).replaceAll('-', ' ')
}
