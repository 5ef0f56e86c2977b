import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { passedByMarker } from '../drain.js'
import { emptyTable, onceEmptied } from '../empty-table.js'
import type { Resynced } from '../resynced.js'
import { runs } from './refuse-resync.js'
import { checkAsideSql, copyAnewSql, setAsideSql } from './set-aside.js'
import { startAnew } from './redial.js'

/**
 * The worker is first told to pass over the table, and a marker proves that it does: a row that it applied to the emptied
 * table would make the copy fail, which pglogical does not notice (seen: it calls the table ready, and none of its rows are
 * there). Emptied, the table is handed to pglogical in the same transaction, which copies it as one that was added later.
 */
export function resyncPglogical(
  context: MigrationContext,
  tables: readonly Resynced[],
  after: readonly ActionId[],
): readonly Action[] {
  const aside = tables.map((table) => asideAction(context, table, after))
  const before = aside.map((a) => a.id)
  // Failed at a table that was not there, it waits for minutes until it tries again.
  const start = tables.some((t) => t.missing) || !runs(context) ? startAnew(context, 'source', before) : []
  const passed = [...before, ...start.map((a) => a.id), actionId('start', 'subscription', 'target')]
  return [...aside, ...start, ...tables.flatMap((table) => emptied(context, table, passed))]
}

/** What is not there yet is made by the same plan, before it is its turn. */
function phaseOf({ missing }: Resynced): Action['phase'] {
  return missing ? 'replication' : 'restart'
}

function asideAction(context: MigrationContext, table: Resynced, after: readonly ActionId[]): Ensure {
  const { subscription } = context.names.forward
  const { schema, name } = table
  const relation = quoteQualified(schema, name)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('resync-aside', relation),
    side: 'target',
    phase: phaseOf(table),
    operation: 'change',
    title: `subscription ${quoteIdent(subscription)} passes over changes of ${relation}`,
    sql: setAsideSql(subscription, table),
    after,
    wants: [{ is: 'set aside', name: subscription, tables: [{ schema, name }] }],
    unless: onceEmptied(context, table),
  }
}

function emptied(context: MigrationContext, table: Resynced, after: readonly ActionId[]): readonly Action[] {
  const { forward } = context.names
  const { schema, name } = table
  const relation = quoteQualified(schema, name)
  const phase = phaseOf(table)
  const passed = passedByMarker(context, {
    id: actionId('resync-passed', relation),
    phase,
    title: `the target applies no change of ${relation} any more`,
    note: 'A marker row is committed on the source: when it arrives, the worker knows what it is to pass over.',
    after,
    unless: onceEmptied(context, table),
  })
  const empty = emptyTable(context, table, {
    before: [`lock table only ${relation} in access exclusive mode`, checkAsideSql(forward.subscription, table)],
    behind: copyAnewSql(forward.subscription, table),
  })
  return [
    passed,
    {
      ...empty,
      phase,
      title: table.missing ? `${relation} is copied by subscription ${quoteIdent(forward.subscription)}` : empty.title,
      after: [passed.id],
      wants: [...empty.wants, { is: 'carried', name: forward.subscription, tables: [{ schema, name }], there: false }],
    },
  ]
}
