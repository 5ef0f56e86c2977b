import type { Catalog } from '../catalog/catalog.js'
import type { CatalogReader } from './catalog-reader.js'
import { notOfExtension, userSchema } from './sql-fragments.js'

const MATERIALIZED_VIEWS = `
  select n.nspname::text as schema, c.relname::text as name, c.relispopulated as populated
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.relkind = 'm' and ${userSchema('n')} and ${notOfExtension('pg_class', 'c.oid')}
  order by n.nspname collate "C", c.relname collate "C"`

/** Materialized views and whether they hold rows. */
export function readMaterializedViews(reader: CatalogReader): Promise<Catalog['materializedViews']> {
  return reader.query(MATERIALIZED_VIEWS)
}
