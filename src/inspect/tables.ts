import type { Table } from '../catalog/relations.js'
import type { CatalogReader } from './catalog-reader.js'
import { readColumns } from './columns.js'
import { readIdentityIndexes } from './identity-indexes.js'
import { groupBy, optional } from './optional.js'
import { granteesOf, LOCKED_RELATIONS, sizeOf, userTable } from './sql-fragments.js'

interface TableRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly persistence: string
  readonly owner: string
  readonly partition: boolean
  readonly replica_identity: string
  readonly row_security: boolean
  readonly force_row_security: boolean
  readonly access_method: string
  readonly readers: readonly string[]
  readonly rows: number
  readonly bytes: number
  readonly heap_bytes: number
  readonly inserts: number
  readonly updates: number
  readonly deletes: number
}

const TABLES = `
  with ${LOCKED_RELATIONS}
  select
    c.oid as oid,
    n.nspname::text as schema,
    c.relname::text as name,
    c.relkind::text as kind,
    c.relpersistence::text as persistence,
    pg_catalog.pg_get_userbyid(c.relowner)::text as owner,
    c.relispartition as partition,
    c.relreplident::text as replica_identity,
    c.relrowsecurity as row_security,
    c.relforcerowsecurity as force_row_security,
    coalesce(am.amname::text, '') as access_method,
    ${granteesOf('c.relacl', 'r', 'c.relowner', 'SELECT')} as readers,
    c.reltuples::float8 as rows,
    ${sizeOf('c', 'pg_table_size')} as bytes,
    ${sizeOf('c', 'pg_relation_size')} as heap_bytes,
    pg_catalog.pg_stat_get_tuples_inserted(c.oid)::float8 as inserts,
    pg_catalog.pg_stat_get_tuples_updated(c.oid)::float8 as updates,
    pg_catalog.pg_stat_get_tuples_deleted(c.oid)::float8 as deletes
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  left join pg_catalog.pg_am as am on am.oid = c.relam
  where ${userTable('c', 'n')}
  order by n.nspname collate "C", c.relname collate "C"`

interface ParentRow {
  readonly child: number
  readonly schema: string
  readonly name: string
}

const PARENTS = `
  select i.inhrelid as child, n.nspname::text as schema, p.relname::text as name
  from pg_catalog.pg_inherits as i
  join pg_catalog.pg_class as p on p.oid = i.inhparent
  join pg_catalog.pg_namespace as n on n.oid = p.relnamespace
  where p.relkind in ('r', 'p', 'f')
  order by i.inhrelid, i.inhseqno`

/** Tables of every kind, with columns and row identity. */
export async function readTables(reader: CatalogReader): Promise<readonly Table[]> {
  const tables = await reader.query<TableRow>(TABLES)
  const columns = await readColumns(reader)
  const identities = await readIdentityIndexes(reader)
  const parents = groupBy(await reader.query<ParentRow>(PARENTS), (p) => p.child)
  return tables.map((row) => {
    const identity = identities.get(row.oid)
    return {
      schema: row.schema,
      name: row.name,
      oid: row.oid,
      kind: row.kind === 'p' ? 'partitioned table' : row.kind === 'f' ? 'foreign table' : 'table',
      persistence: row.persistence === 'u' ? 'unlogged' : 'permanent',
      owner: row.owner,
      parents: (parents.get(row.oid) ?? []).map(({ schema, name }) => ({ schema, name })),
      isPartition: row.partition,
      columns: columns.get(row.oid) ?? [],
      replicaIdentity: replicaIdentity(row.replica_identity),
      identityColumns: identity?.columns ?? [],
      ...optional('identityIndex', identity?.index),
      readers: row.readers,
      rowSecurity: row.row_security,
      forceRowSecurity: row.force_row_security,
      accessMethod: row.access_method,
      volatile: {
        rows: row.rows,
        bytes: row.bytes,
        heapBytes: row.heap_bytes,
        updates: row.updates,
        deletes: row.deletes,
        writes: row.inserts + row.updates + row.deletes,
      },
    }
  })
}

/** pg_class.relreplident; an unknown letter counts as no identity, which makes belt careful. */
function replicaIdentity(letter: string): Table['replicaIdentity'] {
  switch (letter) {
    case 'd':
      return 'default'
    case 'f':
      return 'full'
    case 'i':
      return 'index'
    default:
      return 'nothing'
  }
}
