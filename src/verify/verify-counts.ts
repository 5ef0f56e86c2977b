import type { QualifiedName } from '../catalog/schema-script.js'
import { quoteQualified } from '../core/quote.js'
import { sleep } from '../postgres/sleep.js'
import { countInPair } from './count-rows.js'
import type { CountOptions, TableCount } from './count-rows.js'
import { withPairedSnapshots } from './paired-snapshots.js'
import type { PairingInput } from './verify-input.js'

export interface CountReport {
  /** As last counted, in the order of the input. */
  readonly counts: readonly TableCount[]
  /** Different in every round. */
  readonly different: readonly TableCount[]
  /** Truncated or rewritten during every round: nothing can be said of them. */
  readonly unsettled: readonly string[]
  readonly rounds: number
  /** Of the last round. */
  readonly sourceLsn: string
  readonly appliedTo: string | undefined
  /** The longest time that apply stood still. */
  readonly pausedMs: number
}

export interface VerifyOptions extends CountOptions {
  /** Tables that differ or were rewritten are counted again up to so many times in all; 3. */
  readonly maxRounds?: number
  /** Milliseconds between two rounds; 2,000. */
  readonly betweenMs?: number
}

/**
 * Whether each table has exactly as many rows on the target as on the source, both at one position of the source's log,
 * while the application writes. A difference counts only if it is there in every round: the one harmless way to see one
 * (a change that found nothing to change on the target leaves its position behind) is gone with the next change.
 */
export async function verifyCounts(
  input: PairingInput,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<CountReport> {
  const { maxRounds = 3, betweenMs = 2_000 } = options
  const latest = new Map<string, TableCount>()
  let tables: PairingInput['tables'] = input.tables
  let pausedMs = 0
  for (let round = 1; ; round += 1) {
    const { counted, sourceLsn, appliedTo } = await withPairedSnapshots({ ...input, tables }, signal, async (pair) => {
      pausedMs = Math.max(pausedMs, pair.pausedMs)
      const { sourceLsn: at, appliedTo: to } = pair
      return { counted: await countInPair({ ...input, tables }, pair, options, signal), sourceLsn: at, appliedTo: to }
    })
    for (const count of counted.counts) latest.set(count.table, count)
    const different = counted.counts.filter((c) => !c.equal)
    const again = new Set([...different.map((c) => c.table), ...counted.unsettled.map(nameOf)])
    tables = tables.filter((t) => again.has(nameOf(t)))
    if (tables.length === 0 || round >= maxRounds) {
      const counts = input.tables.flatMap((t) => latest.get(nameOf(t)) ?? [])
      return {
        counts,
        different,
        unsettled: counted.unsettled.map(nameOf),
        rounds: round,
        sourceLsn,
        appliedTo,
        pausedMs,
      }
    }
    await sleep(betweenMs, signal)
  }
}

function nameOf(t: QualifiedName): string {
  return quoteQualified(t.schema, t.name)
}
