import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { counted } from '../../core/counted.js'
import { quoteLiteral } from '../../core/quote.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'

export function endSessionsId(side: Side): ActionId {
  return actionId('end-sessions', side)
}

/**
 * Sessions in the way of locks are waited for and named, never ended by default. Where the spec approves it, one action
 * a side ends them before the first action that needs such a lock; it is done when those are.
 */
export function endSessionsBefore(context: MigrationContext, actions: readonly Action[]): readonly Action[] {
  const ends = SIDES.flatMap((side) => endSessions(context, side, actions))
  const ending = new Set(ends.map((a) => a.side))
  return [
    ...ends,
    ...actions.map((action) =>
      ending.has(action.side) && action.locks.length > 0
        ? { ...action, after: [...action.after, endSessionsId(action.side)] }
        : action,
    ),
  ]
}

function endSessions(context: MigrationContext, side: Side, actions: readonly Action[]): readonly Ensure[] {
  const id = endSessionsId(side)
  const approved = context.spec.approve.some((a) => a.hazard === 'end-sessions' && a.action === id)
  const locking = actions.flatMap((a) => (a.kind === 'ensure' && a.side === side && a.locks.length > 0 ? [a] : []))
  const [first] = locking
  if (!approved || first === undefined) return []
  const relations = [...new Set(locking.flatMap((a) => a.locks.map((l) => l.relation)))]
  const names = relations.map(quoteLiteral).join(', ')
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id,
      side,
      phase: first.phase,
      operation: 'run',
      title: `sessions on the ${side} that hold locks on ${counted(relations.length, 'table')} are ended`,
      note: 'Clients of this database other than belt. Whoever comes later is waited for and named.',
      sql: [
        'select a.pid, pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity as a ' +
          `where a.backend_type = 'client backend' and a.pid <> pg_catalog.pg_backend_pid() and a.application_name not like 'belt/%' ` +
          'and exists (select from pg_catalog.pg_locks as l where l.pid = a.pid and l.granted ' +
          'and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()) ' +
          `and l.relation in (select pg_catalog.to_regclass(r.name) from pg_catalog.unnest(array[${names}]::text[]) as r (name)))`,
      ],
      transaction: 'none',
      hazards: [
        {
          code: 'end-sessions',
          message: 'their open transactions are rolled back and their clients see an error',
          approval: true,
        },
      ],
      specPath: 'approve',
      wants: locking.flatMap((a) => a.wants),
      ...(first.unless === undefined ? {} : { unless: first.unless }),
    },
  ]
}
