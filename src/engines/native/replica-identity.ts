import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import { factKey, identityFact } from '../../catalog/facts.js'
import { quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'
import type { ScopedTable } from '../../migration/scope.js'

/** REPLICA IDENTITY FULL for a keyless table, noted on the server with what stood there before. */
export function identityAction(
  context: MigrationContext,
  scoped: ScopedTable,
  side: Side,
  after: readonly ActionId[],
): Action {
  const { schema, name, replicaIdentity } = scoped.table
  const relation = quoteQualified(schema, name)
  const id = actionId('replica-identity', side, relation)
  // The target applies on the way there, the source on the way back.
  const scans = context[side].server.major < 16 && (side === 'target' || context.spec.reverse.enabled)
  return {
    ...NOTHING_SPECIAL,
    kind: 'set-replica-identity',
    id,
    side,
    phase: 'replication',
    operation: 'change',
    title: `replica identity full on ${relation}`,
    note:
      side === 'source'
        ? 'It has no key; published without this, the application’s own updates and deletes would fail.'
        : 'The same on the target, for the way back.',
    sql: [
      `alter table ${relation} replica identity full`,
      recordSql(context.names.lineage, id, `replica identity ${relation}`, { identity: replicaIdentity }),
    ],
    after,
    reads: side === 'source' ? [factKey('source', identityFact(schema, name))] : [],
    locks: side === 'source' ? [{ mode: 'ACCESS EXCLUSIVE', relation }] : [],
    timeouts: BRIEF_LOCK,
    hazards: scans
      ? [
          {
            code: 'full-scan-apply',
            message: `each update or delete of ${relation} scans the whole table on a ${side} before 16${side === 'source' ? ', once the target feeds it' : ''}`,
          },
        ]
      : [],
    undo: `alter table ${relation} replica identity ${replicaIdentity}`,
    specPath: 'keyless',
    table: { schema, name },
  }
}
