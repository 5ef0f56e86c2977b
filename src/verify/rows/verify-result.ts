/** One row that differs at one position of the log. */
export interface Difference {
  /** As quoteQualified writes it. */
  readonly table: string
  readonly kind: 'changed' | 'missing' | 'extra'
  /** By column; undefined for a keyless table. `missing` is on the source only, `extra` on the target only. */
  readonly key: Readonly<Record<string, string>> | undefined
  /** For `changed`: the columns that differ. */
  readonly columns: readonly string[]
  /** Rows with this key, or equal to this row in a keyless table, on each side. */
  readonly copies: { readonly source: number; readonly target: number }
  /** Where the row lies (ctid): the only name a row of a keyless table has. */
  readonly places: { readonly source: readonly string[]; readonly target: readonly string[] }
  /** By column, as printed, cut to 1,000 characters; only with `showValues`. */
  readonly values?: {
    readonly source: Readonly<Record<string, string | null>> | undefined
    readonly target: Readonly<Record<string, string | null>> | undefined
  }
}

export type Verdict = 'equal' | 'different' | 'unknown'

export interface TableResult {
  /** As quoteQualified writes it. */
  readonly table: string
  readonly verdict: Verdict
  /** How its rows were compared; undefined when they could not be. */
  readonly method: 'ranges' | 'buckets' | 'sample' | undefined
  /** Rows read on each side; while changes stream, each chunk at its own time. */
  readonly rows: { readonly source: number; readonly target: number }
  /** Pieces compared: key ranges, buckets or sampled keys. */
  readonly chunks: number
  /** Those that first differed and had to be looked into. */
  readonly suspectChunks: number
  readonly differences: readonly Difference[]
  /** Chunks that differ and were not looked into, because enough differences were found. */
  readonly unexplored: number
  /** A column on one side only, or with two types; the rows are compared by the columns both have. */
  readonly structure: readonly string[]
  /** Why nothing certain can be said; undefined when `verdict` is not `unknown`. */
  readonly couldNotTell?: string
}

export interface VerifyResult {
  readonly verdict: Verdict
  /** In the order of the input. */
  readonly tables: readonly TableResult[]
  /** Positions of both servers' logs before and after; null where a server is a standby. */
  readonly lsn: { readonly source: LsnSpan; readonly target: LsnSpan }
  readonly durationMs: number
}

export interface LsnSpan {
  readonly from: string | null
  readonly to: string | null
}

/** Of a table that differs: it is not the rows, as far as both sides have the same columns, or the table. */
export function differsInStructureOnly(t: TableResult): boolean {
  return t.verdict === 'different' && t.differences.length === 0 && t.unexplored === 0
}

/** Unknown wins over equal, different over everything. */
export function verdictOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('different')) return 'different'
  return verdicts.includes('unknown') ? 'unknown' : 'equal'
}
