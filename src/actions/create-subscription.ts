import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** A subscription over an existing slot (create_slot = false), which copies the published tables and then streams. */
export interface CreateSubscription extends ActionBase<'create-subscription'> {
  readonly subscription: string
}

export const probeCreateSubscription: Probe<CreateSubscription> = (action, context) =>
  context[action.side].subscriptionByName(action.subscription) ? 'done' : 'absent'

/** Makes the subscription take up tables that were added to its publication. */
export interface RefreshSubscription extends ActionBase<'refresh-subscription'> {
  readonly subscription: string
  readonly tables: readonly QualifiedName[]
}

export const probeRefreshSubscription: Probe<RefreshSubscription> = (action, context) => {
  const subscription = context[action.side].subscriptionByName(action.subscription)
  const has = new Set(subscription?.tables.map((t) => `${t.schema}\u0000${t.name}`))
  return action.tables.every((t) => has.has(`${t.schema}\u0000${t.name}`)) ? 'done' : 'absent'
}
