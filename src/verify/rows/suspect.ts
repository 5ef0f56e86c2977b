import type { Comparison } from './comparison.js'
import type { Key } from './key-range.js'
import type { Look } from './proof.js'
import type { Seeds } from './row-hash.js'
import type { SideSessions } from './side-sessions.js'
import { findHashes, findKeys } from './suspect-sql.js'
import type { FoundByKey, FoundRow } from './suspect-sql.js'
import type { Side } from '../../core/side.js'

/** What may differ: the rows with a key or, in a keyless table, the rows equal to one. */
export type Suspect =
  { readonly kind: 'key'; readonly key: Key } | { readonly kind: 'row'; readonly one: string; readonly other: string }

/** How rows of suspects are looked for. */
export interface Finder {
  readonly comparison: Comparison
  readonly seeds: Seeds
  readonly sessions: SideSessions
  readonly showValues: boolean
}

/** Keys of one look-up. */
const BATCH = 1_000

/** The rows of each suspect on one side, all in one snapshot for each batch of a thousand. */
export async function lookAt(
  finder: Finder,
  side: Side,
  suspects: readonly Suspect[],
): Promise<ReadonlyMap<Suspect, Look>> {
  const looks = new Map<Suspect, Look>()
  for (let from = 0; from < suspects.length; from += BATCH) {
    const batch = suspects.slice(from, from + BATCH)
    for (const [suspect, look] of await lookAtBatch(finder, side, batch)) looks.set(suspect, look)
  }
  return looks
}

async function lookAtBatch(
  { comparison, seeds, sessions, showValues }: Finder,
  side: Side,
  batch: readonly Suspect[],
): Promise<ReadonlyMap<Suspect, Look>> {
  if (comparison.key === undefined) {
    const rows = batch.flatMap((s) => (s.kind === 'row' ? [s] : []))
    const statement = findHashes(
      comparison,
      seeds,
      rows.map((s) => s.one),
      showValues,
    )
    const found = await sessions.scan<FoundRow>(side, statement)
    const byContent = groupBy(found, (row) => `${row.one}/${row.other}`)
    return new Map(rows.map((s) => [s, byContent.get(`${s.one}/${s.other}`) ?? []]))
  }
  const keys = batch.flatMap((s) => (s.kind === 'key' ? [s] : []))
  const statement = findKeys(
    comparison,
    seeds,
    keys.map((s) => s.key),
    showValues,
  )
  const found = await sessions.read<FoundByKey>(side, statement)
  const byNth = groupBy(found, (row) => row.nth)
  return new Map(keys.map((s, index) => [s, byNth.get(index + 1) ?? []]))
}

function groupBy<Item, Name>(items: readonly Item[], name: (item: Item) => Name): ReadonlyMap<Name, readonly Item[]> {
  const groups = new Map<Name, Item[]>()
  for (const item of items) {
    const group = groups.get(name(item))
    if (group) group.push(item)
    else groups.set(name(item), [item])
  }
  return groups
}
