import { actionId } from '../../actions/base.js'
import type { ActionId, Lock } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { counted } from '../../core/counted.js'
import { quoteLiteral, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { BELT_SCHEMA } from '../../migration/scope.js'
import { publishedTables } from '../published-tables.js'

/**
 * A table that was in a set keeps the trigger that carried TRUNCATE. DROP EXTENSION would take them all with every table
 * locked at once, behind whoever holds one of them; so each goes by itself before, and the extension then locks none.
 * Done once the node is gone, before which they go.
 */
export function dropTruncateTriggers(context: MigrationContext, side: Side, after: readonly ActionId[]): Ensure {
  const tables = publishedTables(context).filter((t) => t.schema !== BELT_SCHEMA)
  const relations = tables.map((t) => quoteQualified(t.schema, t.name))
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('drop', 'truncate-triggers', side),
    side,
    phase: 'remove',
    operation: 'drop',
    title: `triggers that carried TRUNCATE on ${counted(tables.length, 'table')}`,
    note: 'One table at a time; those that somebody else’s set holds keep theirs.',
    sql: relations.map(dropSql),
    transaction: 'none',
    after,
    locks: relations.map((relation): Lock => ({ mode: 'ACCESS EXCLUSIVE', relation })),
    timeouts: BRIEF_LOCK,
    wants: [{ is: 'node', name: context.names.nodes[side], there: false }],
  }
}

/** Their names end in an OID of their own. */
function dropSql(relation: string): string {
  const name = quoteLiteral(relation)
  const body =
    `declare t record; begin for t in select g.tgname from pg_catalog.pg_trigger as g where g.tgrelid = pg_catalog.to_regclass(${name}) ` +
    `and g.tgfoid = pg_catalog.to_regproc('pglogical.queue_truncate') ` +
    `and not exists (select from pglogical.replication_set_table as s where s.set_reloid = g.tgrelid) ` +
    `loop execute pg_catalog.format('drop trigger %I on %s', t.tgname, ${name}); end loop; end`
  return `do ${quoteLiteral(body)}`
}
