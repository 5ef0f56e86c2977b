import type { WantedComparison } from '../../actions/compare-rows.js'
import type { Side } from '../../core/side.js'
import { otherSide } from '../../core/side.js'
import type { State } from '../../state/state.js'
import { recordedDifference, recordedVerifications } from '../../state/verification-mark.js'
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
 * enough and not too old. Whatever it found: look at its `rowVerdict`. None when a later one of these rows, were it of a
 * single table or a sample, has found a difference: then the proof is no longer one.
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
  return proofOf(context.state.current(), { from, stream, wanted, now: Date.now() })
}

export function proofOf(state: State, asked: AskedNow): RecordedVerification | undefined {
  const proof = recordedVerifications(state).find(({ evidence }) => provesWanted(evidence, asked))
  // Whatever is later than the beginning of a proof over the stream as it is now was over that stream too.
  const doubtedAt = doubtOf(state, asked.from)
  const doubted = doubtedAt !== undefined && proof !== undefined && doubtedAt > proof.evidence.begunAt
  return doubted && proof.evidence.rowVerdict !== 'different' ? undefined : proof
}

/** When rows were found to differ last, in this direction: what was compared before that proves nothing. */
export function doubtOf(state: State, from: Side): string | undefined {
  const found = recordedDifference(state)
  return found?.evidence.publisher === from ? found.at : undefined
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
  const ageMs = now - Date.parse(begunAt)
  return (
    patterns.length === 0 &&
    publisher === from &&
    evidence.stream === stream &&
    // Evidence of an older belt has no beginning, and of a clock that was put back none that counts: neither proves anything.
    ageMs >= 0 &&
    ageMs <= wanted.maxAgeMs &&
    deepEnough(depth, wanted.depth)
  )
}

type Depth = WantedComparison['depth']

function deepEnough(depth: Depth, wanted: Depth): boolean {
  if (depth === 'full') return true
  return wanted !== 'full' && depth.sample >= wanted.sample
}
