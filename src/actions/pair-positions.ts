import type { Side } from '../core/side.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/**
 * Makes the way back begin exactly here (rule 10): the slot on the side that will serve is moved past everything that
 * replication and belt itself wrote there, and the other side's subscription starts from that position, so that an
 * advance lost in a crash is made good. `sql` runs on the publisher, `originSql` on the subscriber, both with the
 * position as `$1`.
 */
export interface PairPositions extends ActionBase<'pair-positions'> {
  readonly subscriber: Side
  readonly slot: string
  readonly subscription: string
  readonly originSql: readonly string[]
}

/** Done again by every run: it is quick, and the position of a killed run may lie before what another wrote. */
export const probePairPositions: Probe<PairPositions> = () => 'absent'
