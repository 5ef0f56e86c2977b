import type { Side } from '../core/side.js'
import type { WantedComparison } from './compare-rows.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Gate before the pause: replication is healthy and close behind, and nothing stands in the way of the fence. */
export interface GateHandover extends ActionBase<'gate-handover'> {
  readonly from: Side
  readonly subscription: string
  readonly slot: string
  readonly maxLagBytes: number
  /** The slot of the way back that must stand before the pause; absent with reverse disabled. */
  readonly returningSlot?: string
  /** What must have been compared before; absent with `cutover.verify: none`. */
  readonly compared?: WantedComparison
}

/** Asked again by every run. */
export const probeGateHandover: Probe<GateHandover> = () => 'absent'
