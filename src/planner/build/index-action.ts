import type { ActionId, Hazard } from '../../actions/base.js'
import type { CreateIndex } from '../../actions/create-index.js'
import { factKey } from '../../catalog/facts.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { titleOf } from '../schema/create-group.js'
import type { ObjectGroup } from '../schema/object-group.js'
import { objectActionId } from '../schema/object-id.js'

/** Bytes of table an index build reads and sorts in a second; measured at 40 to 90 MB/s on two slow cores. */
export const INDEX_BYTES_PER_SECOND = 40_000_000

/**
 * A secondary index. A plain build is quicker but its SHARE lock stalls the apply of changes for as long as it runs,
 * and the source keeps its log that long; so a build whose stall would be long runs CONCURRENTLY (rule 7).
 */
export function indexAction(group: ObjectGroup, context: MigrationContext, after: readonly ActionId[]): CreateIndex {
  const { head, members } = group
  const schema = head.schema ?? ''
  const table = head.table ?? { schema, name: '' }
  const seconds = buildSeconds(context, table.schema, table.name)
  const slow = seconds * 1000 > context.spec.indexes.maxStallMs && head.concurrently !== undefined
  const invalid = context.target.indexByName(schema, head.name)?.valid === false && head.index?.onlyParent !== true
  const name = quoteQualified(schema, head.name)
  const clear = [`drop index ${name}`]
  const relation = quoteQualified(table.schema, table.name)
  const [create, ...rest] = members.flatMap((m) => m.statements)
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-index',
    id: objectActionId(head),
    side: 'target',
    phase: 'build',
    operation: invalid ? 'repair' : 'create',
    title: titleOf(head, members) + (slow ? ' concurrently' : ''),
    ...(invalid
      ? {
          note: 'An index of this name is INVALID, left by a build that failed or was interrupted: it is dropped and built again.',
        }
      : {}),
    sql: [...(invalid ? clear : []), (slow ? head.concurrently : create) ?? '', ...rest],
    transaction: slow ? 'none' : 'one',
    after,
    reads: members.flatMap((m) => [factKey('source', m.key), factKey('target', m.key)]),
    locks: [
      ...(invalid ? [{ mode: 'ACCESS EXCLUSIVE' as const, relation }] : []),
      { mode: slow ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', relation },
    ],
    hazards: slow ? [] : stallHazards(seconds),
    undo: `drop index ${name}`,
    specPath: 'indexes',
    makes: members.map((m) => m.key),
    index: { schema, name: head.name },
    table,
    concurrently: slow,
    clear,
  }
}

/** Named from five seconds on: while a table is locked, its changes wait and the source keeps its log. */
export function stallHazards(seconds: number): readonly Hazard[] {
  if (seconds < 5) return []
  const message = `apply on the target waits about ${String(Math.ceil(seconds))} s while it builds`
  return [{ code: 'apply-stall', message }]
}

/** Seconds an index build on a table is likely to take, from the table's size on the source. */
export function buildSeconds(context: MigrationContext, schema: string, table: string): number {
  const bytes = context.source.tableByName(schema, table)?.volatile.bytes ?? 0
  return bytes / INDEX_BYTES_PER_SECOND
}
