import type { Comparison } from './comparison.js'
import { digestOf } from './digest.js'
import type { Digest, DigestRow } from './digest.js'
import type { KeyRange } from './key-range.js'
import { digestRange } from './range-sql.js'
import { onBoth } from './side-sessions.js'
import type { SideSessions } from './side-sessions.js'
import type { RunContext } from './table-run.js'

/** Digests of one range on both sides at once. */
export async function digestsOf(
  { seeds }: Pick<RunContext, 'seeds'>,
  comparison: Comparison,
  range: KeyRange,
  sessions: SideSessions,
): Promise<{ readonly source: Digest; readonly target: Digest }> {
  const statement = digestRange(comparison, seeds, range)
  return onBoth(async (side) => {
    const [row] = await sessions.read<DigestRow>(side, statement)
    if (row === undefined) throw new RangeError('an aggregate gives one row')
    return digestOf(row)
  })
}
