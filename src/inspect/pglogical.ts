import type { AskedCopy, Pglogical, PglogicalInterface, PglogicalNode, ReplicationSet } from '../catalog/pglogical.js'
import type { CatalogReader } from './catalog-reader.js'
import { groupBy } from './optional.js'
import { publishedTable } from './published-table.js'
import type { MemberRow } from './published-table.js'
import { CONNINFO_PARTS, parseConninfo } from './subscription-connection.js'
import type { ConninfoRow } from './subscription-connection.js'

const VERSION = `
  select
    e.extversion as version,
    pg_catalog.has_schema_privilege(e.extnamespace, 'usage') and not exists (
      select from pg_catalog.pg_class as c
      where c.relnamespace = e.extnamespace and c.relkind in ('r', 'v')
        and not pg_catalog.has_table_privilege(c.oid, 'select')) as readable
  from pg_catalog.pg_extension as e
  where e.extname = 'pglogical'`

interface NodeRow extends ConninfoRow {
  readonly node: string
  readonly local: boolean
  readonly interface: string | null
}

const NODES = `
  select n.node_name::text as node, l.node_id is not null as local, i.if_name::text as interface, ${CONNINFO_PARTS}
  from pglogical.node as n
  left join pglogical.local_node as l on l.node_id = n.node_id
  left join pglogical.node_interface as i on i.if_nodeid = n.node_id
  cross join lateral (select i.if_dsn as conninfo) as c
  order by n.node_name collate "C", i.if_name collate "C"`

interface SetRow {
  readonly name: string
  readonly insert: boolean
  readonly update: boolean
  readonly delete: boolean
  readonly truncate: boolean
}

const SETS = `
  select
    s.set_name::text as name, s.replicate_insert as insert, s.replicate_update as update,
    s.replicate_delete as delete, s.replicate_truncate as truncate
  from pglogical.replication_set as s
  join pglogical.local_node as l on l.node_id = s.set_nodeid
  order by s.set_name collate "C"`

interface SetTableRow extends MemberRow {
  readonly set: string
}

const SET_TABLES = `
  select
    s.set_name::text as set, n.nspname::text as schema, c.relname::text as name,
    pg_catalog.pg_get_expr(t.set_row_filter, t.set_reloid) as filter,
    case when t.set_att_list is not null then array(
      select a.name from pg_catalog.unnest(t.set_att_list::text[]) as a (name) order by a.name collate "C"
    ) end as columns
  from pglogical.replication_set_table as t
  join pglogical.replication_set as s on s.set_id = t.set_id
  join pg_catalog.pg_class as c on c.oid = t.set_reloid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  order by s.set_name collate "C", n.nspname collate "C", c.relname collate "C"`

/**
 * What `replication_set_add_table` with `synchronize_data` has written. A transaction that is older than whatever the slot still
 * keeps the catalog for is one that its subscriber has confirmed.
 */
const ASKED = `
  select distinct s.slot_name::text as slot, q.message ->> 'schema_name' as schema, q.message ->> 'table_name' as name
  from pglogical.queue as q, pg_catalog.pg_replication_slots as s
  where q.message_type = 'A' and s.plugin = 'pglogical_output' and s.database = pg_catalog.current_database()
    and coalesce(pg_catalog.age(q.xmin) <= pg_catalog.age(s.catalog_xmin), true)
  order by 1, 2, 3`

/** undefined: the extension is not installed in this database. */
export async function readPglogical(reader: CatalogReader): Promise<Pglogical | undefined> {
  const [extension] = await reader.query<{ version: string; readable: boolean }>(VERSION)
  if (extension === undefined) return undefined
  const { version, readable } = extension
  if (!readable) return { version, readable, localNode: undefined, otherNodes: [], sets: [] }
  const nodes = groupBy(await reader.query<NodeRow>(NODES), (row) => row.node)
  const local = [...nodes.values()].find((rows) => rows[0]?.local === true)
  const asked = await reader.query<AskedCopy>(ASKED)
  return {
    version,
    readable,
    localNode: local === undefined ? undefined : nodeOf(local),
    otherNodes: [...nodes.values()].filter((rows) => rows !== local).map(nodeOf),
    sets: await readSets(reader),
    ...(asked.length === 0 ? {} : { asked: asked.map(({ slot, schema, name }) => ({ slot, schema, name })) }),
  }
}

function nodeOf(rows: readonly NodeRow[]): PglogicalNode {
  const interfaces = rows.flatMap((row): readonly PglogicalInterface[] => {
    const connection = parseConninfo(row)
    return row.interface === null || connection === undefined ? [] : [{ name: row.interface, ...connection }]
  })
  return { name: rows[0]?.node ?? '', interfaces }
}

async function readSets(reader: CatalogReader): Promise<readonly ReplicationSet[]> {
  const tables = groupBy(await reader.query<SetTableRow>(SET_TABLES), (t) => t.set)
  const sets = await reader.query<SetRow>(SETS)
  return sets.map((set) => ({
    name: set.name,
    operations: (['insert', 'update', 'delete', 'truncate'] as const).filter((operation) => set[operation]),
    tables: (tables.get(set.name) ?? []).map(publishedTable),
  }))
}
