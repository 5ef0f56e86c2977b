import type { Catalog } from '../catalog/catalog.js'
import type { CatalogReader } from './catalog-reader.js'
import { notOfExtension, userSchema } from './sql-fragments.js'

interface UseRow {
  readonly schema: string
  readonly name: string
  readonly used_schema: string
  readonly used_name: string
}

/** pg_depend of a view's rule: relations its query reads, itself left out. */
const VIEW_USES = `
  select distinct
    n.nspname::text collate "C" as schema,
    v.relname::text collate "C" as name,
    un.nspname::text collate "C" as used_schema,
    u.relname::text collate "C" as used_name
  from pg_catalog.pg_class as v
  join pg_catalog.pg_namespace as n on n.oid = v.relnamespace
  join pg_catalog.pg_rewrite as r on r.ev_class = v.oid
  join pg_catalog.pg_depend as d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = r.oid
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  join pg_catalog.pg_class as u on u.oid = d.refobjid and u.oid <> v.oid
  join pg_catalog.pg_namespace as un on un.oid = u.relnamespace
  where v.relkind in ('v', 'm') and ${userSchema('n')} and ${notOfExtension('pg_class', 'v.oid')}
  order by 1, 2, 3, 4`

/** Relations that views and materialized views read. */
export async function readViewUses(reader: CatalogReader): Promise<Catalog['viewUses']> {
  const uses = new Map<string, { schema: string; name: string; uses: { schema: string; name: string }[] }>()
  for (const row of await reader.query<UseRow>(VIEW_USES)) {
    const key = `${row.schema}\u0000${row.name}`
    const view = uses.get(key) ?? { schema: row.schema, name: row.name, uses: [] }
    view.uses.push({ schema: row.used_schema, name: row.used_name })
    uses.set(key, view)
  }
  return [...uses.values()]
}
