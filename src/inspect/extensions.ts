import type { Extension } from '../catalog/server.js'
import { quoteIdent, quoteQualified } from '../core/quote.js'
import type { CatalogReader } from './catalog-reader.js'
import { groupBy } from './optional.js'

interface ExtensionRow {
  readonly oid: number
  readonly name: string
  readonly version: string
  readonly schema: string
  readonly owner: string
}

const EXTENSIONS = `
  select
    e.oid as oid,
    e.extname::text as name,
    e.extversion as version,
    n.nspname::text as schema,
    pg_catalog.pg_get_userbyid(e.extowner)::text as owner
  from pg_catalog.pg_extension as e
  join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
  order by e.extname collate "C"`

/** Installed extensions, with their configuration tables that hold rows of the user. */
export async function readExtensions(reader: CatalogReader): Promise<readonly Extension[]> {
  const extensions = await reader.query<ExtensionRow>(EXTENSIONS)
  const tables = groupBy(await readConfigTables(reader), (t) => t.extension)
  return extensions.map(({ oid, name, version, schema, owner }) => ({
    name,
    version,
    schema,
    owner,
    configTables: (tables.get(oid) ?? []).flatMap((t) =>
      t.rows === 0 ? [] : [{ table: quoteQualified(t.schema, t.name), condition: t.condition, rows: t.rows }],
    ),
  }))
}

interface ConfigTableRow {
  readonly extension: number
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly condition: string
  readonly countable: boolean
}

const CONFIG_TABLES = `
  select
    e.oid as extension,
    c.oid as oid,
    n.nspname::text as schema,
    c.relname::text as name,
    coalesce(e.extcondition[k.position], '') as condition,
    pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')
      and not pg_catalog.row_security_active(c.oid) as countable
  from pg_catalog.pg_extension as e
  cross join lateral pg_catalog.unnest(e.extconfig) with ordinality as k (oid, position)
  join pg_catalog.pg_class as c on c.oid = k.oid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
  order by n.nspname collate "C", c.relname collate "C"`

/** Beyond this many rows the exact number does not matter, and a job log may hold many millions. */
const COUNT_LIMIT = 10_000

async function readConfigTables(reader: CatalogReader): Promise<readonly (ConfigTableRow & { rows: number })[]> {
  const tables = await reader.query<ConfigTableRow>(CONFIG_TABLES)
  const counted = tables.filter((t) => t.countable)
  // One statement for all; the conditions are the extension's own text, as pg_dump appends it.
  const counts = counted.map(
    (t) => `select ${t.oid}::oid as oid, (select pg_catalog.count(*) from (
      select from ${quoteIdent(t.schema)}.${quoteIdent(t.name)} ${t.condition} limit ${COUNT_LIMIT}) as l)::int4 as rows`,
  )
  const rows =
    counts.length === 0 ? [] : await reader.attempt<{ oid: number; rows: number }>(counts.join('\nunion all '))
  const byOid = new Map((rows ?? []).map((r) => [r.oid, r.rows]))
  return tables.map((t) => ({ ...t, rows: byOid.get(t.oid) ?? -1 }))
}

const AVAILABLE = `
  select a.name::text as name, a.default_version as "defaultVersion"
  from pg_catalog.pg_available_extensions as a
  order by a.name collate "C"`

/** Extensions whose files are on the server. */
export function readAvailableExtensions(
  reader: CatalogReader,
): Promise<readonly { readonly name: string; readonly defaultVersion: string }[]> {
  return reader.query(AVAILABLE)
}
