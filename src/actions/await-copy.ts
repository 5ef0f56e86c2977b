import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Waits until every table of the subscription is copied and streams (state `ready`), saying why one does not get on. */
export interface AwaitCopy extends ActionBase<'await-copy'> {
  readonly subscription: string
  readonly slot: string
  readonly tables: readonly QualifiedName[]
}

export const probeAwaitCopy: Probe<AwaitCopy> = (action, context) => {
  const subscription = context[action.side].subscriptionByName(action.subscription)
  const ready = new Set(
    subscription?.tables.filter((t) => t.state === 'ready').map((t) => `${t.schema}\u0000${t.name}`),
  )
  return action.tables.every((t) => ready.has(`${t.schema}\u0000${t.name}`)) ? 'done' : 'absent'
}
