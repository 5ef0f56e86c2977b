import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { extensionAction, usageAction } from './extension.js'
import { extensionId, nodeId, setTablesId, usageId } from './ids.js'
import { nodeAction } from './node.js'
import { pluginActions, pluginId } from './output-plugin.js'
import { setsOf } from '../sets.js'
import { setActions } from './replication-set.js'
import { subscriptionAction } from './subscription.js'

/** Everything one direction needs, up to its subscription; what the other direction has made already is left out later. */
export function directionActions(
  context: MigrationContext,
  publisher: Side,
  copies: boolean,
  after: readonly ActionId[],
): readonly Action[] {
  const subscriber = otherSide(publisher)
  const listed = setsOf(context, publisher).map((set) => setTablesId(publisher, set))
  return [
    ...pluginActions(context, publisher, after),
    extensionAction(context, publisher, after),
    extensionAction(context, subscriber, after),
    usageAction(context, publisher, [extensionId(publisher)]),
    nodeAction(context, publisher, subscribes(context, publisher), [extensionId(publisher)]),
    nodeAction(context, subscriber, true, [extensionId(subscriber)]),
    ...setActions(context, publisher, copies, [nodeId(publisher), usageId(publisher)]),
    subscriptionAction(context, subscriber, copies, [...listed, nodeId(subscriber), pluginId(publisher)]),
  ]
}

/** Whether a side's pglogical subscribes to the other in either direction, now or after a handover. */
function subscribes({ carriers, spec }: MigrationContext, side: Side): boolean {
  const engine = side === 'target' ? carriers.forward : spec.reverse.enabled ? carriers.reverse : undefined
  return engine === 'pglogical'
}
