import type { Side } from '../core/side.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

export interface ScopedSequence {
  readonly schema: string
  readonly name: string
  readonly increment: string
  readonly min: string
  readonly max: string
  readonly cycle: boolean
}

/**
 * Carries sequence values to the side that will serve, in one statement for any number of them (rule 20).
 * `ahead`, before the pause: `margin` increments past the value, never for one that cycles or is close to its bound.
 * `exact`, inside the pause: those whose value has reached what was set ahead, and those that cycle.
 */
export interface SetSequences extends ActionBase<'set-sequences'> {
  readonly from: Side
  readonly mode: 'ahead' | 'exact'
  readonly margin: number
  readonly sequences: readonly ScopedSequence[]
}

/** Done again by every run: it is quick, and values move as long as the other side serves. */
export const probeSetSequences: Probe<SetSequences> = () => 'absent'
