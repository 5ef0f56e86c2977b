import type { Action, ActionKind } from '../actions/action.js'
import type { Plan } from '../plan/plan.js'
import type { Pending } from './check-plan.js'

/** What is left of a pause that a killed run began. */
export interface Again {
  readonly pending: Pending
  /** Done after something that is done again, and in its way; taken back in this order and then done again too. */
  readonly first: readonly Action[]
}

/**
 * Goes on behind the fence. What has its time before the pause is not done again: gates, comparisons, the user's
 * hooks. When the changes have to be drained once more, what ended their flow is taken back before.
 */
export function toDoAgain(plan: Plan, pending: Pending, turn: number): Again {
  const position = new Map(plan.actions.map((a, index) => [a.id, index]))
  const at = (action: Action): number => position.get(action.id) ?? 0
  const left = pending.actions.filter(({ action }) => at(action) <= turn && !isForBefore(action))
  const drain = left.find(({ action }) => action.kind === 'drain')?.action
  const first =
    drain === undefined
      ? []
      : pending.done.filter((a) => a.abort !== undefined && at(a) > at(drain) && at(a) < turn).toReversed()
  const actions = [...left, ...first.map((action) => ({ action, found: 'absent' as const }))]
  return { pending: { ...pending, actions: actions.sort((a, b) => at(a.action) - at(b.action)) }, first }
}

const FOR_BEFORE: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'compare-rows',
  'gate-handover',
  'refresh-materialized-view',
  'run-hook',
  'set-sequences',
  'try-dial',
])

function isForBefore({ kind, phase }: Action): boolean {
  return phase === 'before pause' && FOR_BEFORE.has(kind)
}
