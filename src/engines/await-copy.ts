import type { Action } from '../actions/action.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import { quoteQualified } from '../core/quote.js'
import type { MigrationContext } from '../migration/context.js'
import { NOTHING_SPECIAL } from '../migration/draft.js'
import { COPIED_ID, REFRESH_ID, subscriptionId } from './ids.js'
import type { Estimate } from '../plan/plan.js'
import type { TableSyncState } from '../catalog/replication.js'
import { isPublished, withMarker } from './published-tables.js'

export function awaitCopyAction({ names }: MigrationContext, tables: readonly QualifiedName[]): Action {
  return {
    ...NOTHING_SPECIAL,
    kind: 'await-copy',
    id: COPIED_ID,
    side: 'target',
    phase: 'copy',
    operation: 'gate',
    title: `every table copied and streaming (${withMarker(tables)})`,
    sql: [],
    transaction: 'none',
    after: [subscriptionId('target'), REFRESH_ID],
    subscription: names.forward.subscription,
    slot: names.forward.slot,
    tables,
  }
}

const COPIED: ReadonlySet<TableSyncState> = new Set<TableSyncState>(['finished copy', 'synchronized', 'ready'])

/** What is still to be copied: a plan for some tables, asked for or made later, does not copy the others again. */
export function copyEstimate({ scope, target, names }: MigrationContext): Estimate {
  const there = target.subscriptionByName(names.forward.subscription)?.tables ?? []
  const copied = new Set(there.filter((t) => COPIED.has(t.state)).map((t) => quoteQualified(t.schema, t.name)))
  const left = scope.tables.filter((t) => isPublished(t) && !copied.has(quoteQualified(t.table.schema, t.table.name)))
  return {
    rows: left.reduce((sum, { table }) => sum + Math.max(0, table.volatile.rows), 0),
    bytes: left.reduce((sum, { table }) => sum + table.volatile.bytes, 0),
  }
}
