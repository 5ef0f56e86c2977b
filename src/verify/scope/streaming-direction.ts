import type { Subscription } from '../../catalog/replication.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { SIDES, otherSide } from '../../core/side.js'
import type { Streaming } from '../rows/verify-input.js'

/** The direction in which changes stream now. */
export interface StreamingDirection extends Streaming {
  readonly subscription: Subscription
}

/** From the side whose subscription is enabled: the source before the cutover, the target after it, none when neither is. */
export function streamingDirection(context: MigrationContext): StreamingDirection | undefined {
  for (const publisher of SIDES) {
    const { subscription: name, slot } = publishedFrom(publisher, context.names)
    const subscription = context[otherSide(publisher)].subscriptionByName(name)
    if (subscription?.enabled === true) return { publisher, slot, subscription }
  }
  return undefined
}
