import { countInPair } from '../../../src/verify/count-rows.js'
import type { TableCount } from '../../../src/verify/count-rows.js'
import { withPairedSnapshots } from '../../../src/verify/paired-snapshots.js'
import type { Replicated } from './replicated.js'

export interface Rounds {
  readonly different: readonly TableCount[]
  readonly unsettled: number
  /** Comparisons of a table in which the target had changes still to come: else nothing would be tested. */
  readonly withDelta: number
  readonly longestPauseMs: number
}

/** Compares so many times, each on its own, without the second chances of verifyCounts. */
export async function compareRounds({ input }: Replicated, rounds: number): Promise<Rounds> {
  const signal = new AbortController().signal
  const different: TableCount[] = []
  let [unsettled, withDelta, longestPauseMs] = [0, 0, 0]
  for (let round = 0; round < rounds; round += 1) {
    const counted = await withPairedSnapshots(input, signal, async (pair) => {
      longestPauseMs = Math.max(longestPauseMs, pair.pausedMs)
      return countInPair(input, pair, { jobs: 2 }, signal)
    })
    different.push(...counted.counts.filter((c) => !c.equal))
    unsettled += counted.unsettled.length
    withDelta += counted.counts.filter((c) => c.delta !== 0).length
  }
  return { different, unsettled, withDelta, longestPauseMs }
}
