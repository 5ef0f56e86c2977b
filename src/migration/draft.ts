import type { Action } from '../actions/action.js'
import type { ActionBase, ActionId } from '../actions/base.js'
import type { RunHook } from '../actions/run-hook.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Deferred, Estimate } from '../plan/plan.js'

/** What one rule adds to a plan. Ids in `after` that no rule ever makes are simply nothing to wait for. */
export interface Draft {
  readonly actions: readonly Action[]
  readonly ifGivenUp?: readonly RunHook[]
  readonly estimates?: Readonly<Record<ActionId, Estimate>>
  readonly deferred?: readonly Deferred[]
  readonly diagnostics?: readonly Diagnostic[]
}

/** The fields of an action that most actions leave empty. */
export const NOTHING_SPECIAL = {
  transaction: 'one',
  after: [],
  reads: [],
  locks: [],
  timeouts: {},
  hazards: [],
  secrets: [],
} as const satisfies Partial<ActionBase<string>>

/** Locks that an application could feel are tried briefly and again, so that nobody queues behind belt. */
export const BRIEF_LOCK = { lockMs: 3000 } as const
