import type { Side } from '../core/side.js'
import type { ActionBase } from './base.js'
import { holds } from './condition.js'
import type { Condition } from './condition.js'
import type { Probe } from './probe-context.js'

/** SQL that brings about something the catalogs show; done when every condition holds. */
export interface Ensure extends ActionBase<'ensure'> {
  readonly wants: readonly Condition[]
  /**
   * Done as well once this holds, whatever stands there by then: what a restart takes away is made again by the same
   * plan, and must not be taken away a second time when that is interrupted.
   */
  readonly unless?: { readonly side: Side; readonly condition: Condition }
  /** Of a fence only: in words, what it takes from whom, e.g. `CONNECT of app`. */
  readonly closesTo?: readonly string[]
}

export const probeEnsure: Probe<Ensure> = ({ side, wants, unless }, context) => {
  if (unless !== undefined && holds(unless.condition, context[unless.side])) return 'done'
  return wants.every((condition) => holds(condition, context[side])) ? 'done' : 'absent'
}
