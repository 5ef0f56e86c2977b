import { quoteQualified } from '../core/quote.js'
import type { Catalog } from './catalog.js'
import type { IndexedCatalog } from './indexed.js'
import type { Table } from './relations.js'
import type { QualifiedName } from './schema-script.js'

/** A table and all that it inherits from, by INHERITS or as a partition, itself first. */
export function withAncestors(
  { tableByName }: Pick<IndexedCatalog, 'tableByName'>,
  table: QualifiedName,
): readonly QualifiedName[] {
  const found = new Map([[nameOf(table), table]])
  for (const { schema, name } of found.values()) {
    for (const parent of tableByName(schema, name)?.parents ?? []) found.set(nameOf(parent), parent)
  }
  return [...found.values()]
}

/** All tables below one that is named by its quoted text: a statement on it without ONLY reaches them too. */
export function heirsOf({ tables }: Pick<Catalog, 'tables'>, relation: string): readonly Table[] {
  const above = new Set([relation])
  const found = new Set<Table>()
  for (let size = -1; size !== found.size;) {
    size = found.size
    for (const table of tables) {
      if (!table.parents.some((p) => above.has(nameOf(p)))) continue
      found.add(table)
      above.add(nameOf(table))
    }
  }
  return [...found]
}

function nameOf(t: QualifiedName): string {
  return quoteQualified(t.schema, t.name)
}
