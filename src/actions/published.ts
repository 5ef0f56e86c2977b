import type { IndexedCatalog } from '../catalog/indexed.js'
import { partsAsRecorded } from '../catalog/recorded-part.js'
import type { Publication, PublishedTable } from '../catalog/replication.js'
import type { Operation } from '../core/table-part.js'

/** What a publication or replication set should hold. */
export interface WantedSet {
  readonly tables: readonly PublishedTable[]
  /** With tables that move in part, whose parts are recorded on the server under it. */
  readonly lineage?: string
  /** Nobody subscribes yet: these kinds of change and no other table. Where somebody does, more is told of elsewhere. */
  readonly exactly?: readonly Operation[]
}

/** Whether it has all of these tables, each whole or with the wanted part. */
export function holdsSet(
  set: Pick<Publication, 'tables' | 'operations' | 'schemas'>,
  { tables, lineage = '', exactly }: WantedSet,
  catalog: IndexedCatalog,
): boolean {
  const isAsWanted = partsAsRecorded(catalog, lineage)
  const byName = new Map(set.tables.map((t) => [keyOf(t), t]))
  const hasAll = tables.every((t) => {
    const there = byName.get(keyOf(t))
    return there !== undefined && isAsWanted(t, there)
  })
  if (!hasAll || exactly === undefined) return hasAll
  return set.tables.length === tables.length && set.schemas === undefined && sameOperations(set.operations, exactly)
}

export function sameOperations(one: readonly Operation[], other: readonly Operation[]): boolean {
  return one.length === other.length && one.every((o) => other.includes(o))
}

function keyOf({ schema, name }: PublishedTable): string {
  return `${schema}\u0000${name}`
}
