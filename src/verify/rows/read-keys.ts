import { quoteIdent } from '../../core/quote.js'
import type { Session } from '../../postgres/session.js'
import type { KeyShape } from './side-shape.js'

interface KeyRow {
  readonly table: number
  readonly index: string
  readonly name: string
  readonly base_schema: string
  readonly base_name: string
  readonly operator_schema: string
  readonly operator_name: string
  readonly order: string | null
  readonly plain: boolean
}

/**
 * `order`: collations of libc and ICU sort as their version does; "C", POSIX, ucs_basic and the built-in provider's (17+)
 * by bytes (C.UTF-8 by code points, which for UTF-8 is the same). to_jsonb: the columns are called otherwise on 15 to 18.
 * The actual version of a database's default collation can be asked for from 15 on.
 */
function keysSql(major: number): string {
  const databaseVersion = major >= 15 ? 'pg_catalog.pg_database_collation_actual_version(d.oid)' : 'null::text'
  const jsonOf = (row: string, ...names: readonly string[]): string =>
    `coalesce(${names.map((name) => `pg_catalog.to_jsonb(${row}) ->> '${name}'`).join(', ')})`
  return `
  with recursive bare (oid, base) as (
    select t.oid, t.oid from pg_catalog.pg_type as t where t.typtype <> 'd'
    union all
    select t.oid, b.base
    from pg_catalog.pg_type as t
    join bare as b on b.oid = t.typbasetype
    where t.typtype = 'd'
  ), whole as (
    select
      case
        when ${jsonOf('d', 'datlocprovider')} = 'b' then 'bytes'
        when ${jsonOf('d', 'datlocprovider')} = 'i' then
          'icu:' || ${jsonOf('d', 'datlocale', 'daticulocale')} || ':' || ${databaseVersion}
        when d.datcollate in ('C', 'POSIX') then 'bytes'
        else 'libc:' || d.datcollate || ':' || ${databaseVersion}
      end as sorted
    from pg_catalog.pg_database as d
    where d.datname = pg_catalog.current_database()
  )
  select
    i.indrelid as "table",
    x.relname::text as index,
    a.attname::text as name,
    tn.nspname::text as base_schema,
    t.typname::text as base_name,
    opn.nspname::text as operator_schema,
    op.oprname::text as operator_name,
    case
      when i.indcollation[k.nth - 1] = 0 then 'type'
      when not l.collisdeterministic then null
      when l.collprovider = 'd' then (select w.sorted from whole as w)
      when l.collprovider = 'b' or l.collprovider = 'c' and l.collcollate in ('C', 'POSIX') then 'bytes'
      else l.collprovider::text || ':' || coalesce(l.collcollate, ${jsonOf('l', 'colllocale', 'colliculocale')})
        || ':' || pg_catalog.pg_collation_actual_version(l.oid)
    end as order,
    i.indoption[k.nth - 1] = 0 and oc.opcdefault and i.indcollation[k.nth - 1] = a.attcollation as plain
  from pg_catalog.pg_index as i
  join pg_catalog.pg_class as c on c.oid = i.indrelid
  join pg_catalog.pg_class as x on x.oid = i.indexrelid
  cross join lateral pg_catalog.unnest(i.indkey::int2[]) with ordinality as k (attnum, nth)
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
  join bare as b on b.oid = a.atttypid
  join pg_catalog.pg_type as t on t.oid = b.base
  join pg_catalog.pg_namespace as tn on tn.oid = t.typnamespace
  join pg_catalog.pg_opclass as oc on oc.oid = i.indclass[k.nth - 1]
  join pg_catalog.pg_amop as ao on ao.amopfamily = oc.opcfamily and ao.amopstrategy = 3
    and ao.amoplefttype = oc.opcintype and ao.amoprighttype = oc.opcintype
  join pg_catalog.pg_operator as op on op.oid = ao.amopopr
  join pg_catalog.pg_namespace as opn on opn.oid = op.oprnamespace
  left join pg_catalog.pg_collation as l on l.oid = i.indcollation[k.nth - 1]
  where i.indrelid = any ($1::oid[]) and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    and k.nth <= i.indnkeyatts
    and not exists (
      select from pg_catalog.unnest(i.indkey::int2[]) with ordinality as m (attnum, nth)
      join pg_catalog.pg_attribute as ma on ma.attrelid = c.oid and ma.attnum = m.attnum
      where m.nth <= i.indnkeyatts and not ma.attnotnull)
  order by
    i.indrelid,
    (c.relreplident = 'i' and i.indisreplident) desc,
    i.indisprimary desc,
    i.indnkeyatts,
    x.relname collate "C",
    k.nth`
}

/** The keys of the tables by table OID, best first. */
export async function readKeys(
  session: Session,
  tables: readonly number[],
): Promise<ReadonlyMap<number, readonly KeyShape[]>> {
  const byTable = new Map<number, Map<string, KeyShape>>()
  for (const row of await session.query<KeyRow>(keysSql(session.major), [tables])) {
    const keys = byTable.get(row.table) ?? new Map<string, KeyShape>()
    byTable.set(row.table, keys)
    const column = {
      name: row.name,
      base: { schema: row.base_schema, name: row.base_name },
      equality: `${quoteIdent(row.operator_schema)}.${row.operator_name}`,
      order: row.order,
    }
    const before = keys.get(row.index)
    keys.set(row.index, {
      index: row.index,
      columns: [...(before?.columns ?? []), column],
      plain: row.plain && (before?.plain ?? true),
    })
  }
  return new Map([...byTable].map(([table, keys]) => [table, [...keys.values()]]))
}
