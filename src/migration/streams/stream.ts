import type { Slot, Subscription } from '../../catalog/replication.js'
import type { StreamEvidence } from '../../catalog/stream-evidence.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../context.js'
import { publishedFrom } from '../direction.js'

/** One direction as it stands: the subscription, its slot, and what a close look told. */
export interface Stream {
  readonly publisher: Side
  readonly subscriber: Side
  readonly subscription: Subscription
  readonly slot: Slot
  readonly evidence: StreamEvidence | undefined
}

/** undefined: there is no subscription, or it has lost its slot, which is a finding of its own. */
export function streamFrom(context: MigrationContext, publisher: Side): Stream | undefined {
  const subscriber = otherSide(publisher)
  const { subscription: name, slot: slotName } = publishedFrom(publisher, context.names)
  const subscription = context[subscriber].subscriptionByName(name)
  const slot = context[publisher].slotByName(slotName)
  if (subscription === undefined || slot === undefined || slot.walStatus === 'lost') return undefined
  const evidence = context.inspection.streams?.find((s) => s.subscriber === subscriber && s.subscription === name)
  return { publisher, subscriber, subscription, slot, evidence }
}

/**
 * `failing`: enabled, and its worker is not there or comes and goes, for a reason that is known or not. `starting`: not
 * there just now, and nothing says that it fails.
 */
export function standingOf({
  subscription,
  slot,
  evidence,
}: Stream): 'disabled' | 'failing' | 'starting' | 'streaming' {
  if (!subscription.enabled) return 'disabled'
  if (evidence === undefined) {
    return subscription.volatile.workerPid === undefined || !slot.volatile.active ? 'failing' : 'streaming'
  }
  switch (evidence.worker) {
    case 'steady':
      return 'streaming'
    case 'starting':
      return 'starting'
    case 'restarting':
    case 'absent':
      return 'failing'
  }
}
