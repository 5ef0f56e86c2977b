import type { Action } from '../../actions/action.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { lockHolders } from './lock-holders.js'

/** What goes on at this moment that actions of the plan may have to wait for; shown apart, never a fact. */
export function rightNow(context: MigrationContext, actions: readonly Action[]): readonly Diagnostic[] {
  const publishers = SIDES.filter((side) => actions.some((a) => a.kind === 'create-slot' && a.side === side))
  return [...publishers.flatMap((side) => waitedForBySlot(context, side)), ...lockHolders(context, actions)]
}

function waitedForBySlot(context: MigrationContext, side: Side): readonly Diagnostic[] {
  const { openTransactions, preparedTransactions } = context[side].activity
  const writers = openTransactions.filter((s) => s.writes)
  return [
    ...writers.map((s) => ({
      severity: 'warning' as const,
      code: 'open-transaction',
      side,
      subject: `pid ${String(s.pid)}`,
      message: `pid ${String(s.pid)} (${s.user}, ${s.application}, database ${s.database}) has held a write transaction open for ${String(Math.round(s.transactionSeconds))} s; making a slot waits for it`,
    })),
    ...preparedTransactions.map((p) => ({
      severity: 'warning' as const,
      code: 'prepared-transaction',
      side,
      subject: p.gid,
      message: `prepared transaction ${p.gid} of ${p.owner} in database ${p.database} is ${String(Math.round(p.seconds))} s old; making a slot waits for it`,
      fix: `commit prepared or rollback prepared it first`,
    })),
  ]
}
