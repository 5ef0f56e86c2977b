import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** One server dials the other as a subscription of its will, and leaves nothing behind. */
export interface TryDial extends ActionBase<'try-dial'> {
  /** Marks set in the state when it was reached; it leaves no other trace. */
  readonly marks: readonly string[]
}

export const probeTryDial: Probe<TryDial> = (action, context) =>
  action.marks.every((mark) => context.marks.has(mark)) ? 'done' : 'absent'
