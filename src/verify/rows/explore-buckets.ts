import { listBuckets, listCopies } from './bucket-sql.js'
import type { CopiesRow } from './bucket-sql.js'
import type { Comparison } from './comparison.js'
import { differingKeys } from './compare-lists.js'
import type { Investigation } from './investigation.js'
import type { ListedRow } from './range-sql.js'
import { onBoth } from './side-sessions.js'
import type { SideSessions } from './side-sessions.js'
import type { Suspect } from './suspect.js'
import type { RunContext } from './table-run.js'

/** Rows listed by one scan: what belt holds in memory, for each side. A scan costs as much however many it lists. */
const LISTED_BY_SCAN = 100_000

export interface DifferingBuckets {
  /** Of how many. */
  readonly count: number
  readonly buckets: readonly number[]
  readonly rowsIn: (bucket: number) => number
}

/** Finds what differs in buckets that did, with a scan of the table on both sides for every 100,000 rows or so in them. */
export async function exploreBuckets(
  context: RunContext,
  comparison: Comparison,
  { count, buckets, rowsIn }: DifferingBuckets,
  investigation: Investigation,
  sessions: SideSessions,
): Promise<void> {
  const left = [...buckets]
  while (left.length > 0) {
    if (investigation.enough) {
      investigation.skip(left.length)
      return
    }
    const batch: number[] = []
    for (let rows = 0; left[0] !== undefined && (batch.length === 0 || rows + rowsIn(left[0]) <= LISTED_BY_SCAN);) {
      rows += rowsIn(left[0])
      batch.push(left[0])
      left.shift()
    }
    await investigation.suspect(await suspectsIn(context, comparison, count, batch, sessions))
  }
}

async function suspectsIn(
  { seeds }: RunContext,
  comparison: Comparison,
  count: number,
  batch: readonly number[],
  sessions: SideSessions,
): Promise<readonly Suspect[]> {
  if (comparison.key !== undefined) {
    const statement = listBuckets(comparison, seeds, count, batch)
    const lists = await onBoth((side) => sessions.scan<ListedRow>(side, statement))
    return differingKeys(lists.source, lists.target)
  }
  const statement = listCopies(comparison, seeds, count, batch)
  const lists = await onBoth((side) => sessions.scan<CopiesRow>(side, statement))
  return differingCopies(lists.source, lists.target)
}

/** Rows of which the two sides do not have equally many. */
function differingCopies(source: readonly CopiesRow[], target: readonly CopiesRow[]): readonly Suspect[] {
  const names = new Map<string, CopiesRow>()
  const counts = new Map<string, bigint>()
  const tally = (rows: readonly CopiesRow[], sign: bigint): void => {
    for (const row of rows) {
      const name = `${row.one}/${row.other}`
      names.set(name, row)
      counts.set(name, (counts.get(name) ?? 0n) + sign * BigInt(row.copies))
    }
  }
  tally(source, 1n)
  tally(target, -1n)
  return [...names].flatMap(([name, { one, other }]): readonly Suspect[] =>
    counts.get(name) === 0n ? [] : [{ kind: 'row', one, other }],
  )
}
