import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId, Lock } from '../../actions/base.js'
import { heirsOf, withAncestors } from '../../catalog/inheritance.js'
import { compareText } from '../../core/diagnostic.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import type { Side } from '../../core/side.js'
import { recordSql } from '../../migration/record-sql.js'
import type { Table } from '../../catalog/relations.js'
import type { MigrationContext } from '../../migration/context.js'
import { fenceHolds, fencedMark } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'

/** Tables whose rows come inside the pause, since no replication carries them. */
export function tablesCopiedInPause(context: MigrationContext): readonly Table[] {
  return context.scope.tables.filter((t) => t.route === 'copy-at-cutover').map((t) => t.table)
}

/** Noted on the receiving server: the rows that stand there are belt's to replace. */
export function copiedRowsId(to: Side, table: QualifiedName): ActionId {
  return actionId('rows', to, quoteQualified(table.schema, table.name))
}

export function copyRowsActions(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { from, to } = handover
  return tablesCopiedInPause(context).map((table): Action => {
    const relation = quoteQualified(table.schema, table.name)
    const columns = table.columns.filter((c) => c.generated === undefined).map((c) => quoteIdent(c.name))
    const list = columns.length === 0 ? '' : ` (${columns.join(', ')})`
    const unproven = notValidChecks(context, to, table)
    return {
      ...NOTHING_SPECIAL,
      kind: 'copy-rows',
      id: copiedRowsId(to, table),
      side: to,
      phase: 'pause',
      operation: 'run',
      title: `rows of ${relation}`,
      note: `Copied whole from the ${from}; what stands there on the ${to} is deleted in the same transaction.`,
      // DELETE and not TRUNCATE, which foreign keys refuse; replica role keeps triggers and foreign keys silent (rule 4).
      sql: [
        `set local session_replication_role = replica`,
        ...unproven.map((c) => `alter table ${c.relation} drop constraint ${quoteIdent(c.name)}`),
        // Without ONLY the rows of every table that inherits from it would go too, and COPY brings none of those.
        `delete from only ${relation}`,
        recordSql(context.names.lineage, copiedRowsId(to, table), `rows of ${relation}`, null),
      ],
      after,
      locks: locksOf(context, to, relation, unproven),
      specPath: 'keyless',
      from,
      table: { schema: table.schema, name: table.name },
      copyOut: `copy ${relation}${list} to stdout`,
      copyIn: `copy ${relation}${list} from stdin`,
      afterSql: unproven.flatMap((c) => c.statements),
      marks: fenceHolds(context.spec.cutover.fence) ? [fencedMark(handover, `rows ${relation}`)] : [],
    }
  })
}

interface NotValidCheck {
  readonly name: string
  /** The table that it is declared on: this one, or one that this one inherits it from. */
  readonly relation: string
  /** As pg_dump of that server writes it, comment included. */
  readonly statements: readonly string[]
}

/**
 * COPY checks every row against them too, and old rows may break them (rule 4). One that is inherited cannot be dropped
 * but where it is declared, which takes it from every table below, and puts it back there.
 */
function notValidChecks(context: MigrationContext, side: Side, table: QualifiedName): readonly NotValidCheck[] {
  const { objects } = context[side].script
  const above = withAncestors(context[side], table).map((t) => quoteQualified(t.schema, t.name))
  return objects.flatMap((o) => {
    if (o.constraint?.notValid !== true || o.constraint.type === 'foreign key' || o.table === undefined) return []
    const relation = quoteQualified(o.table.schema, o.table.name)
    if (!above.includes(relation)) return []
    const about = objects.filter((other) => other.about === o.key && other.key !== o.key)
    return [{ name: o.name, relation, statements: [o, ...about].flatMap((other) => other.statements) }]
  })
}

function locksOf(
  context: MigrationContext,
  side: Side,
  relation: string,
  unproven: readonly NotValidCheck[],
): readonly Lock[] {
  const exclusive = new Set(
    unproven.flatMap((c) => [
      c.relation,
      ...heirsOf(context[side], c.relation).map((t) => quoteQualified(t.schema, t.name)),
    ]),
  )
  return [
    ...(exclusive.has(relation) ? [] : [{ mode: 'ROW EXCLUSIVE' as const, relation }]),
    ...[...exclusive].sort(compareText).map((r): Lock => ({ mode: 'ACCESS EXCLUSIVE', relation: r })),
  ]
}
