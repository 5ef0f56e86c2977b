import type { BeltRecord } from '../catalog/catalog.js'
import type { CatalogReader } from './catalog-reader.js'
import { utcText } from './sql-fragments.js'

const BELT_TABLES = `
  select
    c.relname::text as name,
    pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select') as readable,
    array(
      select r.rolname::text
      from pg_catalog.aclexplode(c.relacl) as a
      join pg_catalog.aclexplode(n.nspacl) as u on u.grantee = a.grantee and u.privilege_type = 'USAGE'
      join pg_catalog.pg_roles as r on r.oid = a.grantee
      where a.privilege_type = 'SELECT'
      order by r.rolname collate "C"
    ) as readers
  from pg_catalog.pg_namespace as n
  join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relkind in ('r', 'p')
  where n.nspname = 'belt'
  order by c.relname collate "C"`

const RECORDS = `
  select r.lineage, r.action, r.object, r.before, ${utcText('r.at')} as at
  from belt.record as r
  order by r.at, r.lineage collate "C", r.action collate "C", r.object collate "C"`

const STATES = `
  select s.lineage
  from belt.state as s
  order by s.lineage collate "C"`

interface BeltTableRow {
  readonly name: string
  readonly readable: boolean
  readonly readers: readonly string[]
}

/** Schema belt of this database. */
export interface BeltSchema {
  readonly tables: readonly string[]
  /** Roles that are granted SELECT on a table and USAGE on the schema, by the table's name. */
  readonly readers: Readonly<Record<string, readonly string[]>>
  /** undefined: there is no schema belt, no record table in it, or it belongs to somebody who lets this user not read it. */
  readonly records: readonly BeltRecord[] | undefined
  readonly unreadable: boolean
  /** Lineages of the migrations whose state is kept here; undefined when there is no table of them to be read. */
  readonly states: readonly string[] | undefined
}

export async function readBeltSchema(reader: CatalogReader): Promise<BeltSchema> {
  const tables = await reader.query<BeltTableRow>(BELT_TABLES)
  const record = tables.find((t) => t.name === 'record')
  const records = record?.readable === true ? await reader.attempt<BeltRecord>(RECORDS) : undefined
  const readable = tables.some((t) => t.name === 'state' && t.readable)
  const states = readable ? await reader.attempt<{ lineage: string }>(STATES) : undefined
  return {
    states: states?.map((s) => s.lineage),
    tables: tables.map((t) => t.name),
    readers: Object.fromEntries(tables.map((t) => [t.name, t.readers])),
    records,
    unreadable: record !== undefined && records === undefined,
  }
}
