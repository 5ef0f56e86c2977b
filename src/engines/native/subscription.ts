import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { CreateSubscription } from '../../actions/create-subscription.js'
import type { Drain } from '../../actions/drain.js'
import { factKey } from '../../catalog/facts.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { conninfo, REPLICATION_PASSWORD } from '../conninfo.js'
import { passedByMarker } from '../drain.js'
import { reasonToRunAsOwner } from './run-as-owner.js'
import { setsOf } from '../sets.js'
import { publicationId, REFRESH_ID, slotId, subscriptionId } from '../ids.js'

/** The forward subscription over the slot that is there already; it copies every table and then streams. */
export function subscriptionAction(context: MigrationContext): CreateSubscription {
  return subscribe(context, 'target', ['enabled = true', 'copy_data = true'], [slotId('source')])
}

/**
 * The subscription of the way back. It copies nothing, for both sides hold the same rows when it begins, and is made
 * disabled: its position is set inside the pause, and it starts once the other side serves.
 */
export function returnSubscriptionAction(
  context: MigrationContext,
  subscriber: Side,
  after: readonly ActionId[],
): CreateSubscription {
  const made = subscribe(
    context,
    subscriber,
    ['enabled = false', 'copy_data = false', ...noOrigin(context, subscriber)],
    after,
  )
  const name = quoteIdent(made.subscription)
  return {
    ...made,
    note: 'For the way back; disabled until the other side serves.',
    abort: [`alter subscription ${name} set (slot_name = none)`, `drop subscription ${name}`],
  }
}

/** From 16 a subscriber can ask for changes that were made on the publisher itself only, as a second guard against loops. */
function noOrigin(context: MigrationContext, subscriber: Side): readonly string[] {
  const both = [context.source, context.target].every((c) => c.server.major >= 16)
  return both && subscriber === 'source' ? ['origin = none'] : []
}

function subscribe(
  context: MigrationContext,
  subscriber: Side,
  options: readonly string[],
  after: readonly ActionId[],
): CreateSubscription {
  const { names, spec } = context
  const { subscription, slot } = publishedFrom(otherSide(subscriber), names)
  const name = quoteIdent(subscription)
  const failover = spec.replicate.failover && context[subscriber].server.major >= 17 ? ['failover = true'] : []
  const asOwner = context[subscriber].server.major >= 16 ? reasonToRunAsOwner(context) : undefined
  const settings = [
    'create_slot = false',
    `slot_name = ${quoteLiteral(slot)}`,
    ...options,
    ...(asOwner === undefined ? [] : ['run_as_owner = true']),
    ...failover,
  ]
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-subscription',
    id: subscriptionId(subscriber),
    side: subscriber,
    phase: 'replication',
    operation: 'create',
    title: `subscription ${name}`,
    ...(asOwner === undefined ? {} : { note: asOwner }),
    sql: [
      `create subscription ${name} connection '${conninfo(context, otherSide(subscriber))}' publication ${publicationsSql(context, otherSide(subscriber))} ` +
        `with (${settings.join(', ')})`,
      `comment on subscription ${name} is ${quoteLiteral(`belt ${spec.name} ${names.lineage}`)}`,
    ],
    after,
    reads: [factKey(subscriber, `subscription ${subscription}`)],
    secrets: [REPLICATION_PASSWORD],
    undo: `alter subscription ${name} disable; alter subscription ${name} set (slot_name = none); drop subscription ${name}`,
    specPath: `${otherSide(subscriber)}.reachable_at`,
    subscription,
  }
}

function publicationsSql(context: MigrationContext, publisher: Side): string {
  return setsOf(context, publisher)
    .map((set) => quoteIdent(set.name))
    .join(', ')
}

/** Makes a subscription that is there already take up tables added to a publication. */
export function refreshActions(context: MigrationContext, tables: readonly QualifiedName[]): readonly Action[] {
  const { names, target } = context
  const subscription = target.subscriptionByName(names.forward.subscription)
  if (!subscription) return []
  const name = quoteIdent(names.forward.subscription)
  const sets = setsOf(context, 'source')
  const lacks = sets.some((set) => !subscription.publications.includes(set.name))
  const published = [...sets.map((set) => publicationId('source', set)), subscriptionId('target')]
  const passed = lacks ? [passedAction(context, published)] : []
  return [
    ...passed,
    {
      ...NOTHING_SPECIAL,
      kind: 'refresh-subscription',
      id: REFRESH_ID,
      side: 'target',
      phase: 'replication',
      operation: 'change',
      title: `subscription ${name}: take up new tables`,
      sql: [
        ...(lacks
          ? [`alter subscription ${name} set publication ${publicationsSql(context, 'source')} with (refresh = false)`]
          : []),
        `alter subscription ${name} refresh publication with (copy_data = true)`,
      ],
      transaction: 'none',
      after: [...published, ...passed.map((a) => a.id)],
      subscription: names.forward.subscription,
      tables,
    },
  ]
}

/**
 * A walsender that is asked for a publication ends at log from before it was made (“publication … does not exist”), again and
 * again up to 17: so the worker has to be past that point first.
 */
function passedAction(context: MigrationContext, after: readonly ActionId[]): Drain {
  const { subscription: name } = context.names.forward
  const publications = setsOf(context, 'source').map((set) => set.name)
  return passedByMarker(context, {
    id: actionId('passed', 'publications'),
    phase: 'replication',
    title: 'the target has passed the point where the new publication was made',
    note: 'A marker row is committed on the source: when it arrives, the subscription may ask for that publication.',
    after,
    unless: { side: 'target', condition: { is: 'subscription', name, there: true, publications } },
  })
}
