import type { TableSyncState } from '../../catalog/replication.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Side } from '../../core/side.js'
import type { ServerIdentity } from '../../plan/plan.js'
import type { Stage } from '../../spec/spec.js'
import type { PauseEvidence } from '../../state/pause-mark.js'
import type { Run } from '../../state/state.js'
import type { RecordedVerification } from '../../state/verification-mark.js'

/** One direction of replication as found. */
export interface ReplicationStatus {
  /** The side that serves and publishes. */
  readonly from: Side
  readonly subscription: string
  readonly enabled: boolean
  /** The apply worker runs, and stays. */
  readonly running: boolean
  /** It fails and is started again, whether it is there at this moment or not. */
  readonly failing: boolean
  readonly slot: string
  /** Bytes of the source's log that the target has not confirmed; absent when the slot is not there. */
  readonly lagBytes?: number
  /** Bytes of log that the source keeps for it. */
  readonly retainedBytes?: number
  readonly walStatus?: string
  readonly tables: Readonly<Partial<Record<TableSyncState, number>>>
  /** Tables that do not stream yet, at most ten. */
  readonly notReady: readonly string[]
}

/** What `belt status` tells: where a migration is and how it does. */
export interface Status {
  readonly name: string
  readonly stage: Stage
  readonly wanted: Stage
  readonly source: ServerIdentity
  readonly target: ServerIdentity
  readonly replication?: ReplicationStatus
  /** Whether applications can connect to the target. */
  readonly targetFence: 'closed' | 'open' | 'not belt’s yet'
  readonly sourceFence: 'closed' | 'open'
  /**
   * The side that applications are to use; inside a pause the one that they will use if it is given up. Absent where
   * neither database holds anything of the migration: it has not begun, or is over.
   */
  readonly serving?: Side
  /** A handover has closed both sides and is not over. */
  readonly pausing?: { readonly since: string; readonly seconds: number }
  readonly alarms: readonly Diagnostic[]
  /** What an earlier migration left, or seems to have left, in either database. */
  readonly leftovers: readonly { readonly side: Side; readonly what: string }[]
  /** The last apply. */
  readonly run?: Run
  /** The last comparisons of both sides, newest first: at most one of everything and one of a part. */
  readonly verifications: readonly (RecordedVerification & { readonly ageSeconds: number })[]
  /** The last pause of each way, newest first. */
  readonly pauses: readonly (PauseEvidence & { readonly ageSeconds: number })[]
  readonly failed: readonly { readonly action: string; readonly error: string }[]
  /** Who works on the migration now. */
  readonly holder?: string
  readonly state: { readonly location: string; readonly serial?: number }
}
