import type { QualifiedName } from '../catalog/schema-script.js'
import { quoteQualified } from '../core/quote.js'
import type { Session } from '../postgres/session.js'
import type { CopySizes } from './copy-status.js'

/** Bytes of each table's heap and TOAST, by quoted name; tables that are not there are left out. */
export async function readTableSizes(session: Session, tables: readonly QualifiedName[]): Promise<CopySizes> {
  const rows = await session.query<{ schema: string; name: string; bytes: number }>(
    `select n.nspname::text as schema, c.relname::text as name, pg_catalog.pg_table_size(c.oid)::float8 as bytes
     from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as w (schema, name)
     join pg_catalog.pg_namespace as n on n.nspname = w.schema
     join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = w.name
     order by 1, 2`,
    [tables.map((t) => t.schema), tables.map((t) => t.name)],
  )
  return new Map(rows.map((row) => [quoteQualified(row.schema, row.name), row.bytes]))
}
