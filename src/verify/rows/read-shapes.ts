import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteQualified } from '../../core/quote.js'
import type { Session } from '../../postgres/session.js'
import { readKeys } from './read-keys.js'
import type { ColumnShape, SideShape, TableShape } from './side-shape.js'

interface TableRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly rows: number
  readonly bytes: number
  readonly pages: number
}

const TABLES = `
  select
    c.oid as oid,
    n.nspname::text as schema,
    c.relname::text as name,
    c.relkind::text as kind,
    greatest(c.reltuples, 0)::float8 as rows,
    pg_catalog.pg_table_size(c.oid)::float8 as bytes,
    (pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8)::float8 as pages
  from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as w (schema, name)
  join pg_catalog.pg_namespace as n on n.nspname = w.schema
  join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = w.name and c.relkind in ('r', 'p', 'f', 'm', 'v')
  order by c.oid`

interface ColumnRow {
  readonly table: number
  readonly name: string
  readonly shown: string
  readonly base_schema: string
  readonly base_name: string
}

const COLUMNS = `
  with recursive bare (oid, base) as (
    select t.oid, t.oid from pg_catalog.pg_type as t where t.typtype <> 'd'
    union all
    select d.oid, b.base
    from pg_catalog.pg_type as d
    join bare as b on b.oid = d.typbasetype
    where d.typtype = 'd'
  )
  select
    a.attrelid as "table",
    a.attname::text as name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as shown,
    n.nspname::text as base_schema,
    t.typname::text as base_name
  from pg_catalog.pg_attribute as a
  join bare as b on b.oid = a.atttypid
  join pg_catalog.pg_type as t on t.oid = b.base
  join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
  where a.attrelid = any ($1::oid[]) and a.attnum > 0 and not a.attisdropped
  order by a.attrelid, a.attnum`

interface CorrelationRow {
  readonly table: number
  readonly name: string
  readonly correlation: number
}

const CORRELATION = `
  select c.oid as "table", s.attname::text as name, s.correlation::float8 as correlation
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_stats as s on s.schemaname = n.nspname and s.tablename = c.relname and not s.inherited
  where c.oid = any ($1::oid[]) and s.correlation is not null
  order by 1, 2`

/** Reads the tables' shapes as they are now. */
export async function readShapes(session: Session, tables: readonly QualifiedName[]): Promise<SideShape> {
  const { encoding } = await session.one<{ encoding: string }>(
    `select pg_catalog.current_setting('server_encoding') as encoding`,
  )
  const found = await session.query<TableRow>(TABLES, [tables.map((t) => t.schema), tables.map((t) => t.name)])
  const oids = found.map((t) => t.oid)
  const columns = new Map<number, ColumnShape[]>()
  for (const { table, name, shown, base_schema: schema, base_name } of await session.query<ColumnRow>(COLUMNS, [
    oids,
  ])) {
    const before = columns.get(table) ?? []
    columns.set(table, [...before, { name, shown, base: { schema, name: base_name } }])
  }
  const correlations = new Map<number, Record<string, number>>()
  for (const { table, name, correlation } of await session.query<CorrelationRow>(CORRELATION, [oids])) {
    correlations.set(table, { ...correlations.get(table), [name]: correlation })
  }
  const keys = await readKeys(session, oids)
  const shapes = found.map(({ schema, name, ...t }): [string, TableShape] => [
    quoteQualified(schema, name),
    {
      ...t,
      columns: columns.get(t.oid) ?? [],
      keys: keys.get(t.oid) ?? [],
      correlation: correlations.get(t.oid) ?? {},
    },
  ])
  return { major: session.major, encoding, tables: new Map(shapes) }
}
