import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Gate: the target has confirmed the source's log to within `maxLagBytes`. */
export interface AwaitLag extends ActionBase<'await-lag'> {
  readonly slot: string
  readonly subscription: string
  readonly maxLagBytes: number
  readonly marks: readonly string[]
}

export const probeAwaitLag: Probe<AwaitLag> = (action, context) =>
  action.marks.every((mark) => context.marks.has(mark)) ? 'done' : 'absent'
