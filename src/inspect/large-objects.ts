import type { CatalogReader } from './catalog-reader.js'

/** How many large objects there are; logical replication never carries them. */
export async function countLargeObjects(reader: CatalogReader): Promise<number> {
  const [row] = await reader.query<{ count: number }>(
    'select pg_catalog.count(*)::float8 as count from pg_catalog.pg_largeobject_metadata',
  )
  return row?.count ?? 0
}
