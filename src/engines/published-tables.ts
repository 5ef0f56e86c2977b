import { counted } from '../core/counted.js'
import type { PublishedTable } from '../catalog/replication.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { MigrationContext } from '../migration/context.js'
import { BELT_SCHEMA, publishedTable } from '../migration/scope.js'
import type { ScopedTable } from '../migration/scope.js'

/**
 * Tables the forward publication carries: plain tables and leaves of partitioned ones by name, never FOR ALL TABLES,
 * and the marker table that a drain is proven with.
 */
export function publishedTables(context: MigrationContext): readonly PublishedTable[] {
  const tables = context.scope.tables.filter(isPublished).map(publishedTable)
  return [...tables, { schema: BELT_SCHEMA, name: context.names.markerTable }]
}

export function isPublished({ route }: ScopedTable): boolean {
  return route === 'replicate' || route === 'replicate-full'
}

/** `2 tables and belt's marker table`: the reader counts the tables of the application. */
export function withMarker(published: readonly QualifiedName[]): string {
  const own = published.filter((t) => t.schema === BELT_SCHEMA).length
  return `${counted(published.length - own, 'table')}${own === 0 ? '' : ' and belt’s marker table'}`
}
