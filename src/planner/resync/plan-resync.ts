import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { onceEmptied } from '../../engines/empty-table.js'
import type { Resync, Resynced } from '../../engines/resynced.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'
import { endSessionsBefore } from '../removal/end-sessions.js'
import { MADE_AGAIN } from '../restart/plan-restart.js'
import { FENCE_TARGET_ID } from '../rules/fence-target.js'
import { recordsId } from '../rules/records.js'

/** Some tables' rows on the target go; the rest of the plan copies these tables as it copies new ones. */
export function planResync(context: MigrationContext, { take }: Resync, tables: readonly Resynced[]): Draft {
  const first: readonly ActionId[] = [recordsId('target'), FENCE_TARGET_ID]
  const begin = tables.map((table) => beginAction(context, table, first))
  const taken = take(
    context,
    tables,
    begin.map((a) => a.id),
  )
  const estimates = tables.flatMap((table) => {
    const there = context.target.tableByName(table.schema, table.name)
    const id = actionId('resync', quoteQualified(table.schema, table.name))
    return there === undefined ? [] : [[id, { rows: Math.max(0, there.volatile.rows), bytes: there.volatile.bytes }]]
  })
  return {
    actions: endSessionsBefore(context, [...begin, ...taken]),
    estimates: Object.fromEntries(estimates) as NonNullable<Draft['estimates']>,
  }
}

/** Before anything is taken away: whoever plans next knows that the table must be copied anew, with or without a state. */
function beginAction(context: MigrationContext, table: Resynced, after: readonly ActionId[]): Ensure {
  const { lineage, forward } = context.names
  const named = { schema: table.schema, name: table.name }
  const relation = quoteQualified(table.schema, table.name)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('resync-begin', relation),
    side: 'target',
    phase: 'restart',
    operation: 'run',
    title: `noted on the target: ${relation} is to be copied anew`,
    sql: [recordSql(lineage, table.begun, `table ${relation}`, null)],
    after,
    wants: [
      { is: 'record', lineage, action: table.begun, there: true },
      // What is proven of its rows, and that it streams, was of another table of that name.
      ...(table.missing
        ? [
            { is: 'empty', tables: [named] } as const,
            { is: 'carried', name: forward.subscription, tables: [named], there: false } as const,
          ]
        : []),
    ],
    unless: onceEmptied(context, table),
  }
}

/** Nothing is copied before the old rows are gone. */
export function afterResync({ actions }: Draft): (draft: Draft) => Draft {
  const taken = actions.map((a) => a.id)
  const wait = (action: Action): Action =>
    MADE_AGAIN.has(action.phase) ? { ...action, after: [...action.after, ...taken] } : action
  return (draft) => ({ ...draft, actions: draft.actions.map(wait) })
}

/** A table that is missing is made before anything else is done about it. */
export function afterSchema(draft: Draft, others: readonly Draft[]): Draft {
  const made = others.flatMap((d) => d.actions.flatMap((a) => (a.phase === 'schema' ? [a.id] : [])))
  const wait = (action: Action): Action =>
    action.phase === 'replication' ? { ...action, after: [...action.after, ...made] } : action
  return { ...draft, actions: draft.actions.map(wait) }
}
