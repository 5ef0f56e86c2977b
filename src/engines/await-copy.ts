import type { Action } from '../actions/action.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { MigrationContext } from '../migration/context.js'
import { NOTHING_SPECIAL } from '../migration/draft.js'
import { COPIED_ID, REFRESH_ID, subscriptionId } from './ids.js'
import { withMarker } from './published-tables.js'

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
