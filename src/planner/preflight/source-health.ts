import { waysToSet } from '../../catalog/provider.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { MigrationContext } from '../../migration/context.js'

/** Things of the source that belt's own presence would break or that would break the copy. */
export function checkSource(context: MigrationContext): readonly Diagnostic[] {
  return [...invalidIndexes(context), ...walKeeping(context), ...allTables(context), ...otherWriters(context)]
}

function invalidIndexes({ source, scope }: MigrationContext): readonly Diagnostic[] {
  return source.indexes
    .filter((i) => !i.valid && !i.partitioned && scope.routeOf(i.schema, i.table) !== undefined)
    .map((i) => {
      const name = quoteQualified(i.schema, i.name)
      return {
        severity: 'warning',
        code: 'invalid-index',
        side: 'source',
        subject: `index ${name}`,
        message: `index ${name} is INVALID on the source, so it is not made on the target`,
        fix: `reindex index concurrently ${name}; or drop index ${name};`,
      }
    })
}

function walKeeping({ source }: MigrationContext): readonly Diagnostic[] {
  const keep = source.server.settings['max_slot_wal_keep_size']
  const idle = source.server.settings['idle_replication_slot_timeout']
  const found: Diagnostic[] = []
  if (keep !== undefined && keep !== '-1') {
    found.push({
      severity: 'warning',
      code: 'slot-wal-limit',
      side: 'source',
      message: `max_slot_wal_keep_size is ${keep} MB: if the copy takes longer than the source needs to write that much log, the slot is lost and the copy must start again`,
      fix: `${waysToSet(source, 'max_slot_wal_keep_size', '-1', 'reload')} Until the migration is over, and watch the disk.`,
    })
  }
  if (idle !== undefined && idle !== '0') {
    found.push({
      severity: 'warning',
      code: 'slot-idle-limit',
      side: 'source',
      message: `idle_replication_slot_timeout is ${idle} s: a slot that no subscriber reads for that long is lost`,
      fix: waysToSet(source, 'idle_replication_slot_timeout', '0', 'reload'),
    })
  }
  return found
}

/**
 * belt makes tables of its own (schema belt). A publication FOR ALL TABLES would send their rows to subscribers
 * that do not have these tables, and their apply workers would fail from then on.
 */
function allTables({ source, target }: MigrationContext): readonly Diagnostic[] {
  return [source, target].flatMap((catalog) =>
    catalog.publications
      .filter((p) => p.allTables)
      .map((p): Diagnostic => ({
        severity: 'error',
        code: 'all-tables-publication',
        side: catalog.side,
        subject: `publication ${p.name}`,
        message: `publication ${p.name} on the ${catalog.side} is FOR ALL TABLES: it would publish belt's own tables, and its subscribers would stop because they lack them`,
        fix: `Replace it by one that lists its tables, or drop it: drop publication ${quoteIdent(p.name)};`,
      })),
  )
}

function otherWriters({ source, names }: MigrationContext): readonly Diagnostic[] {
  return source.subscriptions
    .filter((s) => s.enabled && s.name !== names.reverse.subscription)
    .map((s) => ({
      severity: 'warning',
      code: 'source-subscribes',
      side: 'source',
      subject: `subscription ${s.name}`,
      message: `the source itself receives rows through subscription ${s.name}; it will have to be moved or stopped at cutover`,
      fix: 'Plan for it: after cutover those rows must go to the target.',
    }))
}
