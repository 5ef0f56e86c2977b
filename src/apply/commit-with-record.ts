import type { Action } from '../actions/action.js'
import type { Session } from '../postgres/session.js'
import type { TransactionOptions } from '../postgres/transaction.js'
import type { Evidence } from '../state/state.js'
import type { ExecuteContext } from './execute-context.js'
import { forgetsState } from './forgets-state.js'
import { marksSet } from './marks-set.js'

/**
 * How the transaction of an action ends where the state lives in the same database: the record that it is done is
 * committed with it, so that no kill can make them disagree, and a run whose state another one has taken over changes
 * nothing any more. Undefined where the state lives elsewhere, or goes with this very action.
 */
export function commitWithRecord(
  action: Action,
  session: Session,
  { input, state }: ExecuteContext,
  evidence: () => Evidence,
): TransactionOptions['ending'] {
  const { commitWith } = state
  if (commitWith === undefined || action.side !== 'target' || forgetsState(action)) return undefined
  return (commit) =>
    commitWith(
      session,
      {
        kind: 'action-done',
        action: action.id,
        plan: input.saved.digest,
        run: input.run,
        at: new Date().toISOString(),
        evidence: evidence(),
        marks: marksSet(action),
      },
      commit,
    )
}
