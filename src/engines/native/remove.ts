import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { dropPublications, dropSlot, dropSubscription } from './handover.js'

/** The subscription first, then the slot nobody reads any more, then the publication. */
export function removeNative(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Action[] {
  const subscription = dropSubscription(context, otherSide(publisher), after)
  const slot = dropSlot(context, publisher, [subscription.id])
  return [subscription, slot, ...dropPublications(context, publisher, [slot.id])]
}
