import type { Index } from '../catalog/relations.js'
import type { CatalogReader } from './catalog-reader.js'
import { optional } from './optional.js'
import { LOCKED_RELATIONS, notOfExtension, sizeOf, userSchema } from './sql-fragments.js'

interface IndexRow {
  readonly schema: string
  readonly name: string
  readonly table: string
  readonly unique: boolean
  readonly primary: boolean
  readonly valid: boolean
  readonly ready: boolean
  readonly constraint: string | null
  readonly partitioned: boolean
  readonly replica_identity: boolean
  readonly bytes: number
}

/** A foreign key also points at an index (conindid): only the index' own constraint counts. */
const INDEXES = `
  with ${LOCKED_RELATIONS}
  select
    n.nspname::text as schema,
    x.relname::text as name,
    c.relname::text as "table",
    i.indisunique as unique,
    i.indisprimary as primary,
    i.indisvalid as valid,
    i.indisready as ready,
    k.conname::text as constraint,
    x.relkind = 'I' as partitioned,
    i.indisreplident and c.relreplident = 'i' as replica_identity,
    ${sizeOf('x', 'pg_relation_size')} as bytes
  from pg_catalog.pg_index as i
  join pg_catalog.pg_class as x on x.oid = i.indexrelid
  join pg_catalog.pg_class as c on c.oid = i.indrelid
  join pg_catalog.pg_namespace as n on n.oid = x.relnamespace
  left join pg_catalog.pg_constraint as k on k.conindid = x.oid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')
  where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'
    and ${userSchema('n')} and ${notOfExtension('pg_class', 'c.oid')} and ${notOfExtension('pg_class', 'x.oid')}
  order by n.nspname collate "C", x.relname collate "C"`

/** Indexes of tables and materialized views, those behind constraints and those a failed CREATE INDEX left included. */
export async function readIndexes(reader: CatalogReader): Promise<readonly Index[]> {
  const rows = await reader.query<IndexRow>(INDEXES)
  return rows.map((row) => ({
    schema: row.schema,
    name: row.name,
    table: row.table,
    unique: row.unique,
    primary: row.primary,
    valid: row.valid,
    ready: row.ready,
    ...optional('constraint', row.constraint),
    partitioned: row.partitioned,
    replicaIdentity: row.replica_identity,
    volatile: { bytes: row.bytes },
  }))
}
