import type { Action } from '../actions/action.js'
import { compareText } from '../core/diagnostic.js'
import type { MigrationContext } from '../migration/context.js'
import { factsWritten } from '../plan/facts-written.js'
import type { Pair } from '../state/state.js'

/**
 * Fingerprints of every object in scope that stands on both sides. A pair once recorded stays as it was, so that a later
 * change on either side shows as drift; only what the carried-out actions changed is recorded anew.
 */
export function recordPairs(
  context: MigrationContext,
  known: Readonly<Record<string, Pair>>,
  carriedOut: readonly Action[],
): Readonly<Record<string, Pair>> {
  const changed = new Set<string>(carriedOut.flatMap(factsWritten).map((fact) => fact.slice(fact.indexOf(' ') + 1)))
  const standing = new Set<string>([...context.source.objectByKey.keys(), ...context.target.objectByKey.keys()])
  // A pair of which one half is gone stays too; with both gone there is nothing left to compare.
  const pairs = new Map(Object.entries(known).filter(([key]) => standing.has(key)))
  for (const object of context.source.script.objects) {
    const other = context.target.objectByKey.get(object.key)
    if (other === undefined || !context.scope.includesObject(object)) continue
    const before = changed.has(object.key) ? undefined : known[object.key]
    pairs.set(object.key, before ?? { source: object.fingerprint, target: other.fingerprint })
  }
  return Object.fromEntries([...pairs].sort(([a], [b]) => compareText(a, b)))
}
