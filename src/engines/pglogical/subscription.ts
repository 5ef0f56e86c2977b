import type { ActionId } from '../../actions/base.js'
import type { CreateSubscription } from '../../actions/create-subscription.js'
import { factKey } from '../../catalog/facts.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { conninfo, REPLICATION_PASSWORD } from '../conninfo.js'
import { subscriptionId } from '../ids.js'
import { setsOf } from '../sets.js'

/**
 * Its worker makes the slot, which waits for every write transaction of the publisher's cluster. Forwards nothing that came
 * from elsewhere, so that two directions make no loop.
 */
export function subscriptionAction(
  context: MigrationContext,
  subscriber: Side,
  copies: boolean,
  after: readonly ActionId[],
): CreateSubscription {
  const publisher = otherSide(subscriber)
  const { subscription, slot } = publishedFrom(publisher, context.names)
  const sets = setsOf(context, publisher).map((set) => quoteLiteral(set.name))
  const name = quoteLiteral(subscription)
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-subscription',
    id: subscriptionId(subscriber),
    side: subscriber,
    phase: 'replication',
    operation: 'create',
    title: `subscription ${quoteIdent(subscription)}`,
    note: `Makes slot ${slot} on the ${publisher}, for which it waits for every write transaction and prepared transaction of the whole cluster there.`,
    sql: [
      `select pglogical.create_subscription(subscription_name := ${name}, provider_dsn := '${conninfo(context, publisher)}', replication_sets := array[${sets.join(', ')}], synchronize_structure := false, synchronize_data := ${String(copies)}, forward_origins := '{}')`,
    ],
    after,
    reads: [factKey(subscriber, `subscription ${subscription}`)],
    timeouts: { statementMs: 60_000 },
    hazards: [
      {
        code: 'retains-wal',
        message: `from here on the ${publisher} keeps its log until the ${subscriber} has confirmed it`,
      },
    ],
    secrets: [REPLICATION_PASSWORD],
    undo: `select pglogical.drop_subscription(subscription_name := ${name})`,
    specPath: `${publisher}.reachable_at`,
    subscription,
  }
}

export function disableSql(subscription: string): string {
  return `select pglogical.alter_subscription_disable(subscription_name := ${quoteLiteral(subscription)}, immediate := true)`
}

export function enableSql(subscription: string): string {
  return `select pglogical.alter_subscription_enable(subscription_name := ${quoteLiteral(subscription)}, immediate := true)`
}

export function dropSql(subscription: string): string {
  return `select pglogical.drop_subscription(subscription_name := ${quoteLiteral(subscription)}, ifexists := true)`
}
