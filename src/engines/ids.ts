import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import type { Side } from '../core/side.js'

/** Ids by which the rules refer to each other; publication and slot stand on the side that publishes. */
export function publicationId(publisher: Side, { key }: { readonly key: string } = { key: '' }): ActionId {
  return actionId('publication', publisher, ...(key === '' ? [] : [key]))
}

export function slotId(publisher: Side): ActionId {
  return actionId('slot', publisher)
}

export function subscriptionId(subscriber: Side): ActionId {
  return actionId('subscription', subscriber)
}

export const REFRESH_ID = actionId('refresh', 'subscription')
export const COPIED_ID = actionId('copy', 'target')
