import type { IndexedCatalog } from '../catalog/indexed.js'
import type { ActionBase, ProbeResult } from './base.js'

/** What a probe may look at: both databases as just inspected, and what the state remembers. */
export interface ProbeContext {
  readonly source: IndexedCatalog
  readonly target: IndexedCatalog
  /** Marks of finished work that leaves no fact in a catalog, e.g. `analyzed table public.orders`. */
  readonly marks: ReadonlySet<string>
}

export type Probe<A extends ActionBase<string>> = (action: A, context: ProbeContext) => ProbeResult
