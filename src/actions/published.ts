import type { PublishedTable } from '../catalog/replication.js'
import { isLikePart } from '../core/table-part.js'

/** Whether a publication or replication set has all of these tables, each whole or with a part like the wanted one. */
export function publishesAll(has: readonly PublishedTable[], wanted: readonly PublishedTable[]): boolean {
  const byName = new Map(has.map((t) => [keyOf(t), t]))
  return wanted.every((t) => {
    const there = byName.get(keyOf(t))
    return there !== undefined && isLikePart(there.part, t.part)
  })
}

function keyOf({ schema, name }: PublishedTable): string {
  return `${schema}\u0000${name}`
}
