import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { Trigger } from '../../catalog/relations.js'

/** The trigger of the partitioned table right above that a partition's is a copy of. */
export function triggerAbove(
  source: IndexedCatalog,
  t: Pick<Trigger, 'schema' | 'table' | 'name'>,
): Trigger | undefined {
  return source
    .tableByName(t.schema, t.table)
    ?.parents.flatMap((p) => source.triggerByName(p.schema, p.name, t.name) ?? [])
    .at(0)
}
