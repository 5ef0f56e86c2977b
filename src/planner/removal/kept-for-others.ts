import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { STATE_TABLES } from '../../state/state-tables.js'

/** Another migration keeps records or a marker table in schema belt of that side. */
export function keptForOthers(context: MigrationContext, side: Side): boolean {
  const { names } = context
  const { records, beltTables } = context[side]
  return (
    (records ?? []).some((r) => r.lineage !== names.lineage) ||
    beltTables.some((t) => t !== 'record' && t !== names.markerTable && !STATE_TABLES.includes(t))
  )
}
