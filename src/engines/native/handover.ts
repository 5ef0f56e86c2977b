import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { slotId, subscriptionId } from '../ids.js'
import { publicationActions } from './publication.js'
import { setNamesThere } from '../sets.js'
import { slotAction } from './slot.js'
import { returnSubscriptionAction } from './subscription.js'

/** Publication and slot on the side that will serve, and the other side's subscription, disabled (rule 10). */
export function prepareNativeReturn(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { from, to, returning } = handover
  const publications = publicationActions(context, to, after)
  const slot = slotAction(context, to)
  const drop = `select pg_catalog.pg_drop_replication_slot(${quoteLiteral(returning.slot)})`
  return [
    ...publications.map((a): Action => ({ ...a, phase: 'before pause' })),
    { ...slot, phase: 'before pause', hazards: [], abort: [drop] },
    { ...returnSubscriptionAction(context, from, [slot.id]), phase: 'before pause' },
  ]
}

/** Changes stop flowing the old way. */
export function stopNative(
  _context: MigrationContext,
  { to, streaming }: Handover,
  after: readonly ActionId[],
): readonly [Ensure] {
  const name = quoteIdent(streaming.subscription)
  const off: Ensure = {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('stop', 'subscription', to),
    side: to,
    phase: 'pause',
    operation: 'change',
    title: `subscription ${name} stops`,
    sql: [`alter subscription ${name} disable`],
    after,
    abort: [`alter subscription ${name} enable`],
    undo: `alter subscription ${name} enable`,
    wants: [{ is: 'subscription', name: streaming.subscription, there: true, enabled: false }],
  }
  return [off]
}

/** A handover that was begun is taken back. */
export function goOnNative(
  _context: MigrationContext,
  { to, streaming }: Handover,
  after: readonly ActionId[],
): readonly [Ensure] {
  const name = quoteIdent(streaming.subscription)
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id: actionId('start', 'subscription', to),
      side: to,
      phase: 'access',
      operation: 'repair',
      title: `subscription ${name} goes on`,
      sql: [`alter subscription ${name} enable`],
      after,
      wants: [{ is: 'subscription', name: streaming.subscription, there: true, enabled: true }],
    },
  ]
}

/** The way back is set to begin exactly here. */
export function beginNative(
  _context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { from, to, returning } = handover
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'pair-positions',
      id: actionId('position', from),
      side: to,
      phase: 'pause',
      operation: 'run',
      title: `the way back begins here: slot ${quoteIdent(returning.slot)} and its subscription's position`,
      sql: [
        `select pg_catalog.pg_logical_emit_message(true, 'belt', 'the way back begins')::text as lsn`,
        `select pg_catalog.pg_replication_slot_advance(${quoteLiteral(returning.slot)}, $1::pg_catalog.pg_lsn)`,
      ],
      transaction: 'none',
      after: [...after, slotId(to), subscriptionId(from)],
      subscriber: from,
      slot: returning.slot,
      subscription: returning.subscription,
      originSql: [
        `select pg_catalog.pg_replication_origin_advance('pg_' || s.oid::text, $1::pg_catalog.pg_lsn) from pg_catalog.pg_subscription as s where s.subname = ${quoteLiteral(returning.subscription)}`,
      ],
    },
  ]
}

/** The subscription and slot of the old direction go, so that nothing keeps log for them. */
export function retireNative(
  context: MigrationContext,
  { from, to }: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const removed = [
    dropSubscription(context, to, after),
    dropSlot(context, from, [actionId('drop', 'subscription', to)]),
  ]
  return removed.map((a): Action => ({ ...a, phase: 'after pause' }))
}

/** The way back runs. */
export function startNative(
  _context: MigrationContext,
  { from, to, returning }: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const name = quoteIdent(returning.subscription)
  const on: Ensure = {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('start', 'subscription', from),
    side: from,
    phase: 'after pause',
    operation: 'change',
    title: `subscription ${name} starts: the ${to} feeds the ${from}`,
    sql: [`alter subscription ${name} enable`],
    after,
    wants: [{ is: 'subscription', name: returning.subscription, there: true, enabled: true }],
  }
  return [on]
}

/** A subscription without its slot, which is dropped by itself: it may be on a server that cannot be reached (rule 9). */
export function dropSubscription({ names }: MigrationContext, subscriber: Side, after: readonly ActionId[]): Ensure {
  const { subscription } = publishedFrom(subscriber === 'source' ? 'target' : 'source', names)
  const name = quoteIdent(subscription)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('drop', 'subscription', subscriber),
    side: subscriber,
    phase: 'remove',
    operation: 'drop',
    title: `subscription ${name}`,
    sql: [
      `alter subscription ${name} disable`,
      `alter subscription ${name} set (slot_name = none)`,
      `drop subscription ${name}`,
    ],
    transaction: 'none',
    after,
    wants: [{ is: 'subscription', name: subscription, there: false }],
  }
}

export function dropSlot({ names }: MigrationContext, publisher: Side, after: readonly ActionId[]): Ensure {
  const { slot } = publishedFrom(publisher, names)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('drop', 'slot', publisher),
    side: publisher,
    phase: 'remove',
    operation: 'drop',
    title: `replication slot ${quoteIdent(slot)}`,
    sql: [`select pg_catalog.pg_drop_replication_slot(${quoteLiteral(slot)})`],
    transaction: 'none',
    after,
    wants: [{ is: 'slot', name: slot, there: false }],
  }
}

/** With those that an earlier spec asked for. */
export function dropPublications(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Ensure[] {
  const { publication } = publishedFrom(publisher, context.names)
  const more = setNamesThere(context, publisher).filter((name) => name !== publication)
  return [publication, ...more].map((name) => {
    const key = name.slice(publication.length + 1)
    return {
      ...NOTHING_SPECIAL,
      kind: 'ensure',
      id: actionId('drop', 'publication', publisher, ...(key === '' ? [] : [key])),
      side: publisher,
      phase: 'remove',
      operation: 'drop',
      title: `publication ${quoteIdent(name)}`,
      sql: [`drop publication ${quoteIdent(name)}`],
      after,
      wants: [{ is: 'publication', name, there: false }],
    }
  })
}
