import type { WantedComparison } from '../../actions/compare-rows.js'
import type { Side } from '../../core/side.js'
import { otherSide } from '../../core/side.js'
import { recordedVerifications } from '../../state/verification-mark.js'
import type { RecordedVerification, VerificationEvidence } from '../../state/verification-mark.js'
import { readStreamIdentity } from '../../verify/online/stream-identity.js'
import type { ExecuteContext } from '../execute-context.js'

export interface WantedOf {
  readonly from: Side
  readonly slot: string
  readonly wanted: WantedComparison
}

/**
 * A comparison in the state that proves what is wanted: over the stream as it is now, of every one of these tables, deep
 * enough and not too old. Whatever it found: look at its `rowVerdict`.
 */
export async function recentComparison(
  { from, slot, wanted }: WantedOf,
  context: Pick<ExecuteContext, 'state' | 'watch'>,
): Promise<RecordedVerification | undefined> {
  const stream = await readStreamIdentity(
    { publisher: context.watch[from], subscriber: context.watch[otherSide(from)] },
    slot,
    wanted.tables,
  )
  return recordedVerifications(context.state.current()).find(({ evidence }) =>
    provesWanted(evidence, { from, stream, wanted, now: Date.now() }),
  )
}

export interface AskedNow {
  readonly from: Side
  readonly stream: string
  readonly wanted: WantedComparison
  /** Milliseconds since 1970. */
  readonly now: number
}

export function provesWanted(evidence: VerificationEvidence, { from, stream, wanted, now }: AskedNow): boolean {
  const { patterns, publisher, begunAt, depth } = evidence
  return (
    patterns.length === 0 &&
    publisher === from &&
    evidence.stream === stream &&
    // Evidence of an older belt has no beginning, and proves nothing.
    now - Date.parse(begunAt) <= wanted.maxAgeMs &&
    deepEnough(depth, wanted.depth)
  )
}

type Depth = WantedComparison['depth']

function deepEnough(depth: Depth, wanted: Depth): boolean {
  if (depth === 'full') return true
  return wanted !== 'full' && depth.sample >= wanted.sample
}
