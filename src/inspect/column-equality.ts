import type { CatalogReader } from './catalog-reader.js'
import { userTable } from './sql-fragments.js'

interface TypeRow {
  readonly oid: number
  /** pg_type.typtype. */
  readonly kind: string
  /** Domain base, array element or composite members: equality needs theirs. */
  readonly parts: readonly number[]
  /** It, or what it is binary-coercible to, has a default btree or hash operator class with an equality operator. */
  readonly operator: boolean
}

/** The types of all user tables' columns and, recursively, what those are made of. */
const TYPES = `
  with recursive used (oid) as (
    select a.atttypid
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where a.attnum > 0 and not a.attisdropped and ${userTable('c', 'n')}
    union
    select p.oid
    from used as u
    join pg_catalog.pg_type as t on t.oid = u.oid
    cross join lateral (
      select t.typbasetype where t.typtype = 'd'
      union all
      select t.typelem where t.typelem <> 0 and t.typlen = -1
      union all
      select m.atttypid from pg_catalog.pg_attribute as m
      where t.typtype = 'c' and m.attrelid = t.typrelid and m.attnum > 0 and not m.attisdropped
    ) as p (oid)
  ), comparable (oid) as (
    select k.opcintype
    from pg_catalog.pg_opclass as k
    join pg_catalog.pg_am as am on am.oid = k.opcmethod
    join pg_catalog.pg_amop as o
      on o.amopfamily = k.opcfamily and o.amoplefttype = k.opcintype and o.amoprighttype = k.opcintype
    where k.opcdefault
      and (am.amname = 'btree' and o.amopstrategy = 3 or am.amname = 'hash' and o.amopstrategy = 1)
  )
  select
    t.oid as oid,
    t.typtype::text as kind,
    case
      when t.typtype = 'd' then array[t.typbasetype]
      when t.typtype = 'c' then array(
        select m.atttypid from pg_catalog.pg_attribute as m
        where m.attrelid = t.typrelid and m.attnum > 0 and not m.attisdropped)
      when t.typelem <> 0 and t.typlen = -1 then array[t.typelem]
      else '{}'::oid[]
    end as parts,
    t.oid in (select c.oid from comparable as c)
      or exists (
        select from pg_catalog.pg_cast as k
        where k.castsource = t.oid and k.castmethod = 'b' and k.castcontext = 'i'
          and k.casttarget in (select c.oid from comparable as c)) as operator
  from used as u
  join pg_catalog.pg_type as t on t.oid = u.oid
  order by t.oid`

/** Tells of each column type (by OID) whether rows of it can be compared, as applying a change by REPLICA IDENTITY FULL needs. */
export async function readTypeEquality(reader: CatalogReader): Promise<(type: number) => boolean> {
  const rows = await reader.query<TypeRow>(TYPES)
  const types = new Map(rows.map((row) => [row.oid, row]))
  const known = new Map<number, boolean>()
  const equality = (oid: number): boolean => {
    const before = known.get(oid)
    if (before !== undefined) return before
    known.set(oid, true) // a type inside itself adds nothing
    const type = types.get(oid)
    const answer = type !== undefined && decide(type, equality)
    known.set(oid, answer)
    return answer
  }
  return equality
}

/** As the server's type cache decides (lookup_type_cache with TYPECACHE_EQ_OPR, 12 to 18). */
function decide(type: TypeRow, equality: (oid: number) => boolean): boolean {
  if (type.operator) return true
  switch (type.kind) {
    case 'e': // enum
    case 'r': // range: its subtype has a btree class by definition
    case 'm': // multirange, 14+
      return true
    case 'd':
    case 'c':
      return type.parts.every(equality)
    case 'b':
      return type.parts.length > 0 && type.parts.every(equality)
    default: // pseudo-types and whatever a newer server adds
      return false
  }
}
