import type { State } from './state.js'

/** Proof left behind by a comparison of rows, by `belt verify` or before a handover, as it stands in the state. */
export interface VerificationEvidence {
  readonly verdict: 'equal' | 'different' | 'unknown'
  /** Of the rows alone. */
  readonly rowVerdict: 'equal' | 'different' | 'unknown'
  readonly depth: 'full' | { readonly sample: number }
  /** Patterns of `--tables`; empty for all. */
  readonly patterns: readonly string[]
  /** Side whose changes streamed to the other. */
  readonly publisher: 'source' | 'target'
  /** ISO 8601. What was compared is as old as this. */
  readonly begunAt: string
  /** What streamed into which tables: with another stream nothing is proven. */
  readonly stream: string
  readonly tables: number
  readonly notCompared: number
  /** Tables whose rows never came to rest, by quoted name. */
  readonly unsettled: readonly string[]
  /** Read on the source. */
  readonly rows: number
  readonly chunks: number
  /** Rows named; there may be more. */
  readonly differences: number
  readonly structureDifferences: number | null
  /** Positions of both servers' logs before and after. */
  readonly lsn: {
    readonly source: { readonly from: string | null; readonly to: string | null }
    readonly target: { readonly from: string | null; readonly to: string | null }
  }
  readonly durationMs: number
}

const KINDS = ['verification full', 'verification sample', 'verification partial'] as const

/** A verification of some tables or of a sample does not replace the evidence of a full one. */
export function verificationMark({ depth, patterns }: Pick<VerificationEvidence, 'depth' | 'patterns'>): string {
  const [full, sample, partial] = KINDS
  if (patterns.length > 0) return partial
  return depth === 'full' ? full : sample
}

/** The latest that found rows different, of however few: one of other tables that were equal takes nothing of it back. */
const DIFFERENT = 'verification different'

/** The marks to be set for a verification. */
export function verificationMarks(evidence: VerificationEvidence): readonly string[] {
  return [verificationMark(evidence), ...(evidence.rowVerdict === 'different' ? [DIFFERENT] : [])]
}

export interface RecordedVerification {
  /** When it ended, ISO 8601. */
  readonly at: string
  readonly evidence: VerificationEvidence
}

/** Every kind of verification's latest, newest first. */
export function recordedVerifications(state: State | undefined): readonly RecordedVerification[] {
  return KINDS.flatMap((name) => {
    const mark = state?.marks[name]
    if (mark?.evidence === undefined) return []
    // Only belt writes this mark, with this evidence.
    return [{ at: mark.at, evidence: mark.evidence as unknown as VerificationEvidence }]
  }).sort((a, b) => (a.at < b.at ? 1 : -1))
}

export function recordedDifference(state: State): RecordedVerification | undefined {
  const mark = state.marks[DIFFERENT]
  return mark?.evidence === undefined
    ? undefined
    : { at: mark.at, evidence: mark.evidence as unknown as VerificationEvidence }
}
