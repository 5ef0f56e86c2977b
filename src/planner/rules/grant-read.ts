import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { counted } from '../../core/counted.js'
import { compareText } from '../../core/diagnostic.js'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { recordSql } from '../../migration/record-sql.js'
import { BELT_SCHEMA } from '../../migration/scope.js'
import { recordsId } from './records.js'
import { replicationRoleId } from './replication-role.js'

export function grantReadId(side: Side): ActionId {
  return actionId('grants', side, 'replication')
}

interface Grants {
  readonly schemas: readonly string[]
  readonly closed: readonly string[]
  readonly tables: readonly QualifiedName[]
  readonly unread: readonly QualifiedName[]
}

/** What the role might read beforehand and shall keep; null when it had nothing. */
export interface GrantsBefore {
  readonly schemas: readonly string[]
  readonly tables: readonly QualifiedName[]
}

function grantsBefore({ schemas, closed, tables, unread }: Grants): GrantsBefore | null {
  const had = {
    schemas: schemas.filter((s) => !closed.includes(s)),
    tables: tables.filter((t) => !unread.includes(t)),
  }
  return had.schemas.length + had.tables.length === 0 ? null : had
}

const TABLES_PER_STATEMENT = 500

/** The tables that the replication role reads: those that stream. */
export function readTables({ scope }: MigrationContext): readonly QualifiedName[] {
  return scope.tables
    .filter((t) => t.route === 'replicate' || t.route === 'replicate-full')
    .map(({ table }) => ({ schema: table.schema, name: table.name }))
}

/** SELECT for the replication role on the tables whose rows are read on that side, and only on those. */
export function planGrantRead(context: MigrationContext, side: Side, after: readonly ActionId[] = []): Draft {
  const { spec, names } = context
  const name = spec.roles.replication.name
  const tables = readTables(context)
  const schemas = [...new Set(tables.map((t) => t.schema))].sort(compareText)
  const marker = { schema: BELT_SCHEMA, name: names.markerTable }
  const id = grantReadId(side)
  const catalog = context[side]
  // What PUBLIC may is granted to the role as well: it must not end with a REVOKE from PUBLIC.
  const lacks = (grantees: readonly string[] | undefined): boolean => grantees?.includes(name) !== true
  const closed = schemas.filter((schema) => lacks(catalog.schemas.find((s) => s.name === schema)?.usage))
  const unread = tables.filter((t) => lacks(catalog.tableByName(t.schema, t.name)?.readers))
  const unmarked = lacks(catalog.beltReaders[names.markerTable])
  const readable = [...unread, ...(unmarked ? [marker] : [])]
  const usable = [...closed, ...(unmarked ? [BELT_SCHEMA] : [])]
  const role = quoteIdent(name)
  const grants: string[] = []
  for (let from = 0; from < readable.length; from += TABLES_PER_STATEMENT) {
    const list = readable.slice(from, from + TABLES_PER_STATEMENT).map((t) => quoteQualified(t.schema, t.name))
    grants.push(`grant select on table ${list.join(', ')} to ${role}`)
  }
  return {
    actions: [
      {
        ...NOTHING_SPECIAL,
        kind: 'grant-read',
        id,
        side,
        phase: 'access',
        operation: 'create',
        title: `select on ${unread.length === 0 ? 'belt’s marker table' : counted(unread.length, 'table')} to ${role}`,
        sql: [
          ...(usable.length === 0 ? [] : [`grant usage on schema ${usable.map(quoteIdent).join(', ')} to ${role}`]),
          ...grants,
          recordSql(names.lineage, id, 'grants', grantsBefore({ schemas, closed, tables, unread })),
        ],
        after: [recordsId(side), replicationRoleId(side), ...after],
        undo: 'Revoked at stage absent or finalized.',
        role: name,
        schemas,
        tables,
        marker: names.markerTable,
      },
    ],
  }
}
