import type { PublishedTable } from '../catalog/replication.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { Side } from '../core/side.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'
import type { ScopedSequence } from './set-sequences.js'

/**
 * The last proof inside the pause: no sequence is behind, the copied tables hold the same rows on both sides, and so do
 * streamed tables, as far as the time set apart for them reaches.
 */
export interface VerifyHandover extends ActionBase<'verify-handover'> {
  readonly from: Side
  readonly sequences: readonly ScopedSequence[]
  /** Copied inside the pause. */
  readonly tables: readonly QualifiedName[]
  /** Streamed in part: what is no part of them may have changed up to the fence, so they are compared whole behind it. */
  readonly parts?: readonly PublishedTable[]
  /** Streamed tables small enough to be compared once more, now that nobody writes. */
  readonly again: readonly PublishedTable[]
  /** Milliseconds set apart for those. */
  readonly againMs: number
}

/** Asked again by every run. */
export const probeVerifyHandover: Probe<VerifyHandover> = () => 'absent'
