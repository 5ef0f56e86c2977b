import type { Catalog } from '../catalog/catalog.js'
import type { Subscription } from '../catalog/replication.js'

/**
 * A pglogical subscription notes only tables that it copied. One that copied nothing streams what its sets on the other
 * side hold, from the moment it streams at all.
 */
export function withStreamedTables(catalog: Catalog, publisher: Catalog): Catalog {
  if (catalog.subscriptions.every((s) => s.copiesNothing !== true)) return catalog
  const streamed = (subscription: Subscription): Subscription => {
    if (subscription.copiesNothing !== true) return subscription
    const sets = (publisher.pglogical?.sets ?? []).filter((set) => subscription.publications.includes(set.name))
    const known = new Set(
      [...subscription.tables, ...(subscription.setAside ?? [])].map((t) => `${t.schema}\u0000${t.name}`),
    )
    const others = sets
      .flatMap((set) => set.tables)
      .filter((t) => !known.has(`${t.schema}\u0000${t.name}`))
      .map(({ schema, name }) => ({ schema, name, state: 'ready' as const }))
    return { ...subscription, tables: [...subscription.tables, ...others] }
  }
  return { ...catalog, subscriptions: catalog.subscriptions.map(streamed) }
}
