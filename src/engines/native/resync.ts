import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { emptyTable, onceEmptied } from '../empty-table.js'
import type { Resynced } from '../resynced.js'
import { setNamesThere, setOf } from '../sets.js'

/**
 * A table leaves publication and subscription, so that what was written to it until then is passed over by the worker
 * (seen: also by one that fails at such a row again and again), and is emptied while nothing carries it. As a new table
 * it is then published, taken up and copied.
 */
export function resyncNative(
  context: MigrationContext,
  tables: readonly Resynced[],
  after: readonly ActionId[],
): readonly Ensure[] {
  return tables.flatMap((table) => resyncTable(context, table, after))
}

/** The publication that has it now, which another spec may have asked for. */
function publishedIn(context: MigrationContext, table: Resynced): string {
  const there = setNamesThere(context, 'source').find((name) => {
    const tables = context.source.publicationByName(name)?.tables ?? []
    return tables.some((t) => t.schema === table.schema && t.name === table.name)
  })
  return there ?? setOf(context, 'source', table).name
}

function resyncTable(context: MigrationContext, table: Resynced, after: readonly ActionId[]): readonly Ensure[] {
  const { subscription } = context.names.forward
  const publication = publishedIn(context, table)
  const { schema, name } = table
  const relation = quoteQualified(schema, name)
  const step = {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    phase: 'restart',
    operation: 'change',
    unless: onceEmptied(context, table),
  } as const
  const disabled = context.target.subscriptionByName(subscription)?.enabled === false
  const unpublish: Ensure = {
    ...step,
    id: actionId('resync-unpublish', relation),
    side: 'source',
    title: `publication ${publication}: without ${relation}, for a moment`,
    sql: [`alter publication ${quoteIdent(publication)} drop table only ${relation}`],
    after,
    locks: [{ mode: 'SHARE UPDATE EXCLUSIVE', relation }],
    timeouts: BRIEF_LOCK,
    wants: [{ is: 'published', name: publication, tables: [{ schema, name }], there: false }],
  }
  const leave: Ensure = {
    ...step,
    id: actionId('resync-leave', relation),
    side: 'target',
    title: `subscription ${subscription}: without ${relation}`,
    // With the copy that is the default: the table itself is not published now, and another one that an interrupted run
    // has published and the subscription has not taken up yet would else count as copied without a row.
    sql: [
      ...(disabled ? [`alter subscription ${quoteIdent(subscription)} enable`] : []),
      `alter subscription ${quoteIdent(subscription)} refresh publication`,
    ],
    transaction: 'none',
    after: [unpublish.id],
    wants: [{ is: 'carried', name: subscription, tables: [{ schema, name }], there: false }],
  }
  return [unpublish, leave, { ...emptyTable(context, table), after: [leave.id] }]
}
