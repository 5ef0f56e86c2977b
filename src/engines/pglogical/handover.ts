import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { directionActions } from './direction.js'
import { subscriptionId } from '../ids.js'
import { disableSql, dropSql, enableSql } from './subscription.js'

/**
 * The way back runs from before the pause on: pglogical forwards only what was written on the publisher itself, which
 * before the other side serves is nothing that a set holds.
 */
export function preparePglogicalReturn(
  context: MigrationContext,
  { from, to, returning }: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const actions = directionActions(context, to, false, after)
  return actions.map((a): Action => {
    const abort = a.id === subscriptionId(from) ? { abort: [dropSql(returning.subscription)] } : {}
    return { ...a, phase: 'before pause', ...abort }
  })
}

export function stopPglogical(
  _context: MigrationContext,
  { to, streaming }: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { subscription: name } = streaming
  return [
    {
      ...switched(name, to, false),
      id: actionId('stop', 'subscription', to),
      phase: 'pause',
      title: `subscription ${quoteIdent(name)} stops`,
      after,
      abort: [enableSql(name)],
      undo: enableSql(name),
    },
  ]
}

export function goOnPglogical(
  _context: MigrationContext,
  { to, streaming }: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { subscription: name } = streaming
  return [
    { ...switched(name, to, true), operation: 'repair', title: `subscription ${quoteIdent(name)} goes on`, after },
  ]
}

/** It runs since before the pause; somebody may have disabled it. */
export function startPglogical(
  _context: MigrationContext,
  { from, to, returning }: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { subscription: name } = returning
  return [
    {
      ...switched(name, from, true),
      phase: 'after pause',
      title: `subscription ${quoteIdent(name)} runs: the ${to} feeds the ${from}`,
      after,
    },
  ]
}

function switched(name: string, side: Side, enabled: boolean): Ensure {
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('start', 'subscription', side),
    side,
    phase: 'access',
    operation: 'change',
    title: '',
    sql: [enabled ? enableSql(name) : disableSql(name)],
    // `immediate` is refused inside a transaction block.
    transaction: 'none',
    wants: [{ is: 'subscription', name, there: true, enabled }],
  }
}

export function retirePglogical(
  context: MigrationContext,
  { from }: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  return dropDirection(context, from, after).map((a): Action => ({ ...a, phase: 'after pause' }))
}

/** Dropping the subscription drops its slot too where the publisher answers; what is left of it goes by itself (rule 9). */
export function dropDirection(
  context: MigrationContext,
  publisher: Side,
  after: readonly ActionId[],
): readonly Ensure[] {
  const subscriber = otherSide(publisher)
  const { subscription, slot } = publishedFrom(publisher, context.names)
  const id = actionId('drop', 'subscription', subscriber)
  const dropped = {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    phase: 'remove',
    operation: 'drop',
    transaction: 'none',
  } as const
  return [
    {
      ...dropped,
      id,
      side: subscriber,
      title: `subscription ${quoteIdent(subscription)}`,
      sql: [dropSql(subscription)],
      after,
      wants: [{ is: 'subscription', name: subscription, there: false }],
    },
    {
      ...dropped,
      id: actionId('drop', 'slot', publisher),
      side: publisher,
      title: `replication slot ${quoteIdent(slot)}, if its subscription has left it`,
      sql: [
        `select pg_catalog.pg_drop_replication_slot(s.slot_name) from pg_catalog.pg_replication_slots as s where s.slot_name = ${quoteLiteral(slot)}`,
      ],
      after: [id],
      wants: [{ is: 'slot', name: slot, there: false }],
    },
  ]
}
