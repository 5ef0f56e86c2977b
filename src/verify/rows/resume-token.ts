import type { Key, KeyRange } from './key-range.js'
import type { TableResult } from './verify-result.js'

/** Chunks of a table compared so far without a gap, for tables compared by key ranges. */
export interface RangeProgress {
  /** Fingerprint of tables and key: a table made anew, or another key, is begun again. */
  readonly of: string
  /** Everything up to this key is compared. */
  readonly after: Key
  readonly rows: { readonly source: number; readonly target: number }
  readonly chunks: number
  /** Of those, the ones that differed and are still to be looked into. */
  readonly suspects: readonly KeyRange[]
}

/** Plain data, fit for JSON; names keys of rows but holds no other value. */
export interface ResumeToken {
  readonly version: 1
  /** Finished tables, by name. Those that nothing certain could be said of are left out. */
  readonly done: Readonly<Record<string, TableResult>>
  readonly begun: Readonly<Record<string, RangeProgress>>
}
