import type { Comparison } from './comparison.js'
import type { Look } from './proof.js'
import type { ProvenDifference } from './settle.js'
import type { FoundRow } from './suspect-sql.js'
import type { Difference } from './verify-result.js'

/** What is reported of proven differences. Two spellings of one key (1.0 and 1.00, under citext A and a) are one. */
export function nameDifferences(comparison: Comparison, proven: readonly ProvenDifference[]): readonly Difference[] {
  const seen = new Set<string>()
  return proven.flatMap((difference) => {
    const versions = [difference.looks.source, difference.looks.target].map((look) => look.map((r) => r.version).sort())
    const same = JSON.stringify(versions)
    if (seen.has(same)) return []
    seen.add(same)
    return [nameDifference(comparison, difference)]
  })
}

function nameDifference(comparison: Comparison, { suspect, looks }: ProvenDifference): Difference {
  const { source, target } = looks
  const [ours, theirs] = [source[0], target[0]]
  const changed = ours !== undefined && theirs !== undefined && source.length === target.length
  const key =
    suspect.kind === 'row' ? undefined : namedBy(comparison.key?.columns.map((c) => c.name) ?? [], suspect.key)
  const shown = [...source, ...target].some((row) => row.texts !== null)
  return {
    table: comparison.name,
    kind: changed ? 'changed' : source.length > target.length ? 'missing' : 'extra',
    key,
    columns: changed ? differingColumns(comparison, ours, theirs) : [],
    copies: { source: source.length, target: target.length },
    places: { source: places(source), target: places(target) },
    ...(shown ? { values: { source: valuesOf(comparison, ours), target: valuesOf(comparison, theirs) } } : {}),
  }
}

function differingColumns({ columns }: Comparison, ours: FoundRow, theirs: FoundRow): readonly string[] {
  return columns.filter((_, nth) => ours.columns[nth] !== theirs.columns[nth]).map((c) => c.name)
}

/** ctids, without the transaction; a few are enough to find the rows. */
function places(look: Look): readonly string[] {
  return look.slice(0, 5).map((row) => row.version.slice(0, row.version.indexOf('/')))
}

function valuesOf(
  { columns }: Comparison,
  row: FoundRow | undefined,
): Readonly<Record<string, string | null>> | undefined {
  return row === undefined
    ? undefined
    : namedBy(
        columns.map((c) => c.name),
        row.texts ?? [],
      )
}

function namedBy<Value>(names: readonly string[], values: readonly Value[]): Readonly<Record<string, Value>> {
  // No prototype: a column may be called __proto__.
  const named = Object.create(null) as Record<string, Value>
  names.forEach((name, nth) => {
    const value = values[nth]
    if (value !== undefined) named[name] = value
  })
  return named
}
