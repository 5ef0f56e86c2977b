import type { CatalogReader } from './catalog-reader.js'

interface IdentityRow {
  readonly table: number
  readonly index: string
  readonly columns: readonly string[]
}

/**
 * The index by which replication identifies a row: the primary key, or the one REPLICA IDENTITY USING INDEX names.
 * Postgres passes over one that is invalid or deferrable (RelationGetIndexList), so such a table has none.
 */
const IDENTITY_INDEXES = `
  select
    i.indrelid as "table",
    x.relname::text as index,
    array(
      select a.attname::text
      from pg_catalog.unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
      join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
      where k.position <= i.indnkeyatts
      order by k.position) as columns
  from pg_catalog.pg_index as i
  join pg_catalog.pg_class as c on c.oid = i.indrelid
  join pg_catalog.pg_class as x on x.oid = i.indexrelid
  where i.indisvalid and i.indimmediate
    and (c.relreplident = 'd' and i.indisprimary or c.relreplident = 'i' and i.indisreplident)`

/** By the table's OID; tables without a usable identity are missing. */
export async function readIdentityIndexes(
  reader: CatalogReader,
): Promise<ReadonlyMap<number, { readonly index: string; readonly columns: readonly string[] }>> {
  const rows = await reader.query<IdentityRow>(IDENTITY_INDEXES)
  return new Map(rows.map(({ table, index, columns }) => [table, { index, columns }]))
}
