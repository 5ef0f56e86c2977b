import type { QualifiedName } from '../catalog/schema-script.js'
import { BeltError } from '../core/error.js'
import { quoteQualified } from '../core/quote.js'
import type { Session } from '../postgres/session.js'

/** One table as a snapshot sees it. `file` changes when the table is truncated or rewritten. */
export interface TableIdentity {
  readonly oid: number
  /** pg_class.relfilenode as the snapshot sees it. */
  readonly file: number
  /** Size as last vacuumed or analyzed, in pages: big tables are to be read first. */
  readonly pages: number
}

/** Identities by quoted name, read in the session's snapshot. Throws `table-missing`. */
export async function readIdentities(
  session: Session,
  tables: readonly QualifiedName[],
): Promise<ReadonlyMap<string, TableIdentity>> {
  const rows = await session.query<TableIdentity & QualifiedName>(
    `select n.nspname::text as schema, c.relname::text as name, c.oid as oid, c.relfilenode as file, c.relpages::int4 as pages
     from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as w (schema, name)
     join pg_catalog.pg_namespace as n on n.nspname = w.schema
     join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = w.name
     order by c.oid`,
    [tables.map((t) => t.schema), tables.map((t) => t.name)],
  )
  const found = new Map(
    rows.map((r) => [quoteQualified(r.schema, r.name), { oid: r.oid, file: r.file, pages: r.pages }]),
  )
  const missing = tables.map((t) => quoteQualified(t.schema, t.name)).filter((name) => !found.has(name))
  if (missing.length > 0) {
    throw new BeltError(
      'table-missing',
      `cannot compare ${missing.slice(0, 5).join(', ')}: not there for ${session.endpoint}`,
      {
        hint: 'Make a new plan.',
      },
    )
  }
  return found
}
