import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { factKey, rowSecurityFact } from '../../catalog/facts.js'
import { sameOperations } from '../../actions/published.js'
import { partsAsRecorded } from '../../catalog/recorded-part.js'
import type { PublishedTable } from '../../catalog/replication.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { counted } from '../../core/counted.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import { OPERATIONS } from '../../core/table-part.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK, NOTHING_SPECIAL } from '../../migration/draft.js'
import { BELT_SCHEMA } from '../../migration/scope.js'
import { conditionSql, partNote, recordPartSql } from '../parts.js'
import { withMarker } from '../published-tables.js'
import { isSubscribed, setsOf } from '../sets.js'
import type { PublishedSet } from '../sets.js'
import { setId, setTablesId } from './ids.js'

/** The sets of one direction and every table they lack. */
export function setActions(
  context: MigrationContext,
  publisher: Side,
  copies: boolean,
  after: readonly ActionId[],
): readonly Action[] {
  return setsOf(context, publisher).flatMap((set) => actionsOfSet(context, publisher, set, copies, after))
}

function actionsOfSet(
  context: MigrationContext,
  publisher: Side,
  set: PublishedSet,
  copies: boolean,
  after: readonly ActionId[],
): readonly Action[] {
  const { name, tables, operations } = set
  const subscribed = isSubscribed(context, publisher)
  const existing = context[publisher].replicationSetByName(name)
  const isAsWanted = partsAsRecorded(context[publisher], context.names.lineage)
  const wants = new Map(tables.map((t) => [qualified(t), t]))
  // What an earlier handover has left there of another part, or of a table that is elsewhere now.
  const wrong = subscribed
    ? []
    : (existing?.tables ?? []).filter((t) => {
        const table = wants.get(qualified(t))
        return table === undefined || !isAsWanted(table, t)
      })
  const isInParts = tables.some((t) => t.part !== undefined)
  const wanted = {
    tables,
    ...(isInParts ? { lineage: context.names.lineage } : {}),
    ...(wrong.length > 0 ? { exactly: operations } : {}),
  }
  const stays = new Set((existing?.tables ?? []).filter((t) => !wrong.includes(t)).map(qualified))
  const missing = tables.filter((t) => !stays.has(qualified(t)))
  // On the way back the rows are there: what is added to it streams from now on.
  const streams = copies && subscribed
  const carried = OPERATIONS.map((o) => `replicate_${o} := ${String(operations.includes(o))}`).join(', ')
  const alters = existing !== undefined && !subscribed && !sameOperations(existing.operations, operations)
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id: setId(publisher, set),
      side: publisher,
      phase: 'replication',
      operation: alters ? 'change' : 'create',
      title: `replication set ${name}`,
      sql: [
        `select pglogical.${alters ? 'alter' : 'create'}_replication_set(set_name := ${quoteLiteral(name)}, ${carried})`,
      ],
      after,
      reads: [factKey(publisher, `replication set ${name}`)],
      undo: `select pglogical.drop_replication_set(set_name := ${quoteLiteral(name)})`,
      wants: [{ is: 'replication set', name, there: true, ...(alters ? { operations } : {}) }],
    },
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id: setTablesId(publisher, set),
      side: publisher,
      phase: 'replication',
      operation: 'change',
      title: streams
        ? `replication set ${name}: add ${counted(missing.length, 'table')}, and copy just that`
        : `replication set ${name}: ${withMarker(tables)}`,
      ...partNote(missing),
      // One transaction each: with several of these locks held at once belt and a writer could wait for each other.
      sql: [
        ...wrong.map((t) => removeSql(name, t)),
        ...missing.map((t) =>
          t.part === undefined ? addSql(name, t, streams) : addPartSql(context, publisher, set.name, t, streams),
        ),
      ],
      transaction: 'none',
      after: [setId(publisher, set)],
      reads: tables
        .filter((t) => t.schema !== BELT_SCHEMA)
        .flatMap((t) => [
          factKey(publisher, `table ${qualified(t)}`),
          factKey(publisher, rowSecurityFact(t.schema, t.name)),
        ]),
      // Each table gets a trigger that carries TRUNCATE.
      locks: missing
        .filter((t) => t.schema !== BELT_SCHEMA)
        .map((t) => ({ mode: 'SHARE ROW EXCLUSIVE', relation: qualified(t) })),
      timeouts: BRIEF_LOCK,
      wants: [{ is: 'replication set', name, there: true, ...wanted }],
    },
  ]
}

function removeSql(set: string, table: QualifiedName): string {
  return `select pglogical.replication_set_remove_table(set_name := ${quoteLiteral(set)}, relation := t.set_reloid) ${memberSql(set, table)}`
}

function memberSql(set: string, table: QualifiedName): string {
  return `from pglogical.replication_set as s join pglogical.replication_set_table as t on t.set_id = s.set_id where s.set_name = ${quoteLiteral(set)} and t.set_reloid = ${relationSql(table)}`
}

/** Adds nothing the second time, for a try that was cut short is made again from its first statement. */
function addSql(set: string, table: QualifiedName, synchronize: boolean): string {
  const relation = relationSql(table)
  const there = `select ${memberSql(set, table)}`
  return `select pglogical.replication_set_add_table(set_name := ${quoteLiteral(set)}, relation := ${relation}, synchronize_data := ${String(synchronize)}) where not exists (${there})`
}

/**
 * pglogical takes any condition and asks it of rows as its worker decodes them: so one that is not immutable is refused
 * here, in the words of Postgres, by an index on an empty table of the key's columns. What was published is noted with it.
 */
function addPartSql(
  context: MigrationContext,
  publisher: Side,
  set: string,
  table: PublishedTable,
  synchronize: boolean,
): string {
  const { part = {} } = table
  const there = memberSql(set, table)
  const printed = `select pg_catalog.pg_get_expr(t.set_row_filter, t.set_reloid) ${there}`
  const key = (context.source.tableByName(table.schema, table.name)?.identityColumns ?? []).map(quoteIdent).join(', ')
  const check =
    part.filter === undefined
      ? []
      : [
          `create temporary table ${quoteIdent(table.name)} on commit drop as select ${key} from only ${qualified(table)} limit 0`,
          `create index on pg_temp.${quoteIdent(table.name)} ((true)) where ${conditionSql(part.filter)}`,
          `drop table pg_temp.${quoteIdent(table.name)}`,
        ]
  const columns =
    part.columns === undefined
      ? ''
      : `, columns := array[${part.columns.map(quoteLiteral).join(', ')}]::pg_catalog.text[]`
  const filter = part.filter === undefined ? '' : `, row_filter := ${quoteLiteral(part.filter)}`
  const add = `perform pglogical.replication_set_add_table(set_name := ${quoteLiteral(set)}, relation := ${relationSql(table)}, synchronize_data := ${String(synchronize)}${columns}${filter}) where not exists (select ${there})`
  const body = [...check, add, ...recordPartSql(context.names.lineage, publisher, table, printed)]
  return `do ${quoteLiteral(`begin ${body.map((s) => `${s};`).join(' ')} end`)}`
}

function relationSql(table: QualifiedName): string {
  return `${quoteLiteral(qualified(table))}::pg_catalog.regclass`
}

function qualified({ schema, name }: QualifiedName): string {
  return quoteQualified(schema, name)
}
