import type { Side } from '../../core/side.js'
import type { ServerIdentity } from '../../plan/plan.js'
import type { Stage } from '../../spec/spec.js'
import type { VerifyResult, Verdict } from '../../verify/rows/verify-result.js'
import type { SchemaFinding } from '../../verify/schema/finding.js'
import type { NotCompared } from '../../verify/scope/compared-tables.js'

/** A difference that the stage brings with it. */
export interface ExpectedFinding extends SchemaFinding {
  readonly why: string
}

export interface SchemaVerification {
  readonly findings: readonly SchemaFinding[]
  readonly expected: readonly ExpectedFinding[]
  /** Kinds of things that were not compared at this stage, and why: whole sentences. */
  readonly leftOut: readonly string[]
}

/** What `belt verify` found. */
export interface Verification {
  readonly name: string
  readonly stage: Stage
  /** When it began, ISO 8601. */
  readonly at: string
  readonly source: ServerIdentity
  readonly target: ServerIdentity
  /** The side that changes came from. */
  readonly publisher: Side
  readonly depth: 'full' | { readonly sample: number }
  /** Of `--tables`; empty means all. */
  readonly patterns: readonly string[]
  readonly verdict: Verdict
  readonly rows: VerifyResult
  readonly notCompared: readonly NotCompared[]
  /** What may have made rows differ: sentences. Absent where nothing was found. */
  readonly causes?: readonly string[]
  /** Undefined when only some tables were asked for. */
  readonly schema?: SchemaVerification
}

/** Rows, structure and what could not be compared, as one word. */
export function overallVerdict(
  rows: Verdict,
  notCompared: readonly NotCompared[],
  schema: SchemaVerification | undefined,
): Verdict {
  if (rows === 'different' || (schema !== undefined && schema.findings.length > 0)) return 'different'
  return rows === 'unknown' || notCompared.some((t) => !t.onPurpose) ? 'unknown' : 'equal'
}
