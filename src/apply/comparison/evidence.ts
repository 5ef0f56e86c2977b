import type { VerificationEvidence } from '../../state/verification-mark.js'
import type { StreamCompared } from '../../verify/online/compare-stream.js'

export type EvidenceOf = Pick<
  VerificationEvidence,
  'verdict' | 'depth' | 'patterns' | 'publisher' | 'notCompared' | 'structureDifferences'
>

/** What is kept of a comparison. */
export function verificationEvidence(
  about: EvidenceOf,
  { rows, begunAt, stream }: Pick<StreamCompared, 'rows' | 'begunAt' | 'stream'>,
): VerificationEvidence {
  const sum = (of: (table: (typeof rows.tables)[number]) => number): number =>
    rows.tables.reduce((total, table) => total + of(table), 0)
  return {
    ...about,
    rowVerdict: rows.verdict,
    begunAt,
    stream,
    tables: rows.tables.length,
    unsettled: rows.tables.filter((t) => t.verdict === 'unknown').map((t) => t.table),
    rows: sum((t) => t.rows.source),
    chunks: sum((t) => t.chunks),
    differences: sum((t) => t.differences.length),
    lsn: rows.lsn,
    durationMs: rows.durationMs,
  }
}
