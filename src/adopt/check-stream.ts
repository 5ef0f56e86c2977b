import type { Subscription } from '../catalog/replication.js'
import { counted } from '../core/counted.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { cannotSubscribe } from '../migration/carriers.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { pointsElsewhere } from './check-nodes.js'

/** Changes flow from source to target by pgbelt's subscription, every table is copied, and nobody else hangs on its nodes. */
export function checkStream(context: MigrationContext): readonly Diagnostic[] {
  return [
    ...checkForward(context),
    ...checkReverse(context),
    ...others(context, 'source'),
    ...others(context, 'target'),
  ]
}

function checkForward(context: MigrationContext): readonly Diagnostic[] {
  const { target, source, names } = context
  const { subscription: name, slot: slotName } = names.forward
  const subscription = target.subscriptionByName(name)
  if (subscription?.of !== 'pglogical') {
    const fed = source.subscriptionByName(names.reverse.subscription) !== undefined
    return [
      error(
        'adopt-subscription',
        'target',
        `there is no subscription ${name} on the target${fed ? `, and ${names.reverse.subscription} feeds the source: pgbelt has cut over` : ''}`,
        fed
          ? 'Finish it with pgbelt: only a migration before its cutover can be taken over.'
          : 'pgbelt setup makes it.',
      ),
    ]
  }
  const slot = source.slotByName(slotName)
  const copying = subscription.tables.filter((t) => t.state !== 'ready').length
  const down = [
    ...(subscription.enabled ? [] : [`subscription ${name} is disabled`]),
    ...(subscription.volatile.workerPid === undefined ? [`no worker applies for subscription ${name}`] : []),
    ...(slot === undefined ? [`the source has no slot ${slotName}`] : []),
    ...(slot !== undefined && !slot.volatile.active ? [`nobody reads slot ${slotName} of the source`] : []),
  ]
  return [
    ...checkSubscription(context, 'source', subscription),
    ...(copying > 0 || subscription.tables.length === 0
      ? [
          error(
            'adopt-still-copying',
            'target',
            copying === 0
              ? 'no table is copied yet'
              : `${counted(copying, 'table')} of subscription ${name} still being copied`,
            'Wait until pgbelt status says replicating.',
          ),
        ]
      : []),
    ...(down.length === 0
      ? []
      : [
          error(
            'adopt-not-streaming',
            'target',
            down.join('; '),
            subscription.enabled
              ? 'Mend it first: the log of the target server says why.'
              : `Enable it first: select pglogical.alter_subscription_enable('${name}', true);`,
          ),
        ]),
  ]
}

/** The way back may run before the cutover; belt makes it anew, just before the pause. */
function checkReverse(context: MigrationContext): readonly Diagnostic[] {
  const { source, target, names } = context
  const { subscription: name } = names.reverse
  const subscription = source.subscriptionByName(name)
  if (subscription === undefined) return []
  const obstacle = cannotSubscribe(source, target)
  if (obstacle !== undefined) {
    return [
      error(
        'adopt-reverse',
        'source',
        `subscription ${name} cannot work: ${obstacle}`,
        'Take it away: pgbelt teardown-back-replication. belt makes a way back that works.',
      ),
    ]
  }
  return checkSubscription(context, 'target', subscription)
}

function checkSubscription(
  context: MigrationContext,
  publisher: Side,
  { name, publications, connection }: Subscription,
): readonly Diagnostic[] {
  const subscriber = otherSide(publisher)
  const { publication } = publishedFrom(publisher, context.names)
  const what = `subscription ${name}`
  return [
    ...(publications.length === 1 && publications[0] === publication
      ? []
      : [
          error(
            'adopt-sets',
            subscriber,
            `${what} takes ${publications.join(', ')}, and not ${publication} alone`,
            'Versions of pgbelt that used other sets cannot be taken over: finish with that version.',
          ),
        ]),
    ...(connection === undefined ? [] : pointsElsewhere(context, publisher, connection, what, subscriber)),
  ]
}

/** One node for the whole database: somebody else's replication would be taken away with it. */
function others(context: MigrationContext, side: Side): readonly Diagnostic[] {
  const { names } = context
  const mine = publishedFrom(otherSide(side), names).subscription
  const foreign = context[side].subscriptions
    .filter((s) => s.of === 'pglogical' && s.name !== mine)
    .map((s) => `subscription ${s.name}`)
  const own: readonly string[] = [names.forward.slot, names.reverse.slot]
  const readers = context[side].slots
    .filter(
      (s) => s.plugin === 'pglogical_output' && s.database === context[side].database.name && !own.includes(s.name),
    )
    .map((s) => `slot ${s.name}`)
  const found = [...foreign, ...readers]
  if (found.length === 0) return []
  return [
    error(
      'adopt-others',
      side,
      `${found.join(', ')} on the ${side} also ${found.length === 1 ? 'uses' : 'use'} node ${names.nodes[side]}`,
      'Take away what pgbelt did not make: the node would go with belt.',
    ),
  ]
}

function error(code: string, side: Side, message: string, fix: string): Diagnostic {
  return { severity: 'error', code, side, message, fix }
}
