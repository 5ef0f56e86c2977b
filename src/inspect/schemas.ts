import type { SchemaFacts } from '../catalog/server.js'
import type { CatalogReader } from './catalog-reader.js'
import { granteesOf, notOfExtension, userSchema } from './sql-fragments.js'

const SCHEMAS = `
  select
    n.nspname::text as name,
    pg_catalog.pg_get_userbyid(n.nspowner)::text as owner,
    ${granteesOf('n.nspacl', 'n', 'n.nspowner', 'USAGE')} as usage,
    ${granteesOf('n.nspacl', 'n', 'n.nspowner', 'CREATE')} as create
  from pg_catalog.pg_namespace as n
  where ${userSchema('n')} and ${notOfExtension('pg_namespace', 'n.oid')}
  order by n.nspname collate "C"`

/** The user's schemas: not Postgres', not an extension's, not belt's. */
export function readSchemas(reader: CatalogReader): Promise<readonly SchemaFacts[]> {
  return reader.query<SchemaFacts>(SCHEMAS)
}
