import { LISTED_ROWS } from './chunk-rows.js'
import type { Comparison } from './comparison.js'
import { differingKeys } from './compare-lists.js'
import { sameDigest } from './digest.js'
import { digestsOf } from './digests-of.js'
import type { Investigation } from './investigation.js'
import type { KeyRange } from './key-range.js'
import { everyNthKey, listRange } from './range-sql.js'
import type { KeyRow, ListedRow } from './range-sql.js'
import { onBoth } from './side-sessions.js'
import type { SideSessions } from './side-sessions.js'
import type { RunContext } from './table-run.js'

/**
 * Finds the keys that differ in a range that did: cuts it into pieces of a few thousand rows of whichever side has more,
 * looks into those that differ, and lists them when they are small enough for memory.
 */
export async function exploreRange(
  context: RunContext,
  comparison: Comparison,
  range: KeyRange,
  investigation: Investigation,
  sessions: SideSessions,
): Promise<void> {
  if (investigation.enough) {
    investigation.skip(1)
    return
  }
  const { source, target } = await digestsOf(context, comparison, range, sessions)
  if (sameDigest(source, target)) return
  await context.pace(Math.max(source.rows, target.rows), comparison.rowBytes)
  if (Math.max(source.rows, target.rows) <= LISTED_ROWS) {
    const statement = listRange(comparison, context.seeds, range)
    const lists = await onBoth((side) => sessions.read<ListedRow>(side, statement))
    await investigation.suspect(differingKeys(lists.source, lists.target))
    return
  }
  const bigger = source.rows >= target.rows ? 'source' : 'target'
  const bounds = await sessions.read<KeyRow>(bigger, everyNthKey(comparison, range, Math.ceil(LISTED_ROWS / 2)))
  let after = range.after
  for (const upTo of [...bounds.map((b) => b.key), range.upTo]) {
    await exploreRange(context, comparison, { after, upTo }, investigation, sessions)
    after = upTo
  }
}
