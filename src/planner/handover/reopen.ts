import { probeAction } from '../../actions/action.js'
import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import { quoteIdent } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { Engine } from '../../engines/engine.js'
import type { MigrationContext } from '../../migration/context.js'
import { handoverTo, publishedFrom } from '../../migration/direction.js'
import type { Draft } from '../../migration/draft.js'
import { fenceId, handoverFenceOf, isOpened, openId } from '../../migration/fence-record.js'
import { whateverTheTime } from '../../migration/no-return-sql.js'
import { withoutDone } from '../order.js'
import { constraintsOff } from './constraints.js'
import { hookActions } from './hooks.js'
import { noReturnAction, openAction } from './open.js'
import { triggerActions } from './triggers.js'

/**
 * A handover was begun and left, and both sides are closed: the side that serves is opened again, as the records on the
 * servers say. That is the one that served, or past the point of no return the one that was to serve; either way
 * replication runs from it afterwards, and what was made for the other way is taken away (rules 10, 15 and 18).
 */
export function reopenServing(context: MigrationContext, engine: Engine, side: Side): Draft {
  const handover = handoverTo(side, context.names)
  const triggers = triggerActions(context, handover, []).map((a) => early(a))
  const here = triggers.filter((a) => a.side === side)
  const open = openAction(
    context,
    handover,
    here.map((a) => a.id),
  )
  const database = quoteIdent(context[side].database.name)
  const reopened: Action = {
    ...early(open),
    id: actionId('reopen', side),
    title: `database ${database} on the ${side}: open again`,
    note: 'A handover was begun and left half-way; applications cannot write anywhere until this is done.',
  }
  const settle = servesOn(context, engine, side, [reopened.id]).map((a) => early(a))
  const hooks = isPastNoReturn(context, side)
    ? hookActions(context, handover, 'after_open', [reopened.id])
    : hookActions(context, handoverTo(otherSide(side), context.names), 'after_give_up', [reopened.id])
  return { actions: [...triggers, reopened, ...hooks, ...settle] }
}

/** Whether the side was to serve when it was left, or had served before. */
function isPastNoReturn(context: MigrationContext, side: Side): boolean {
  const { lineage } = context.names
  const intent = context[otherSide(side)].recordOf(lineage, openId(side))
  const fence = context[side].recordOf(lineage, fenceId(side))
  // The intent stands as long as the side serves: a later fence closed it on the way back.
  return (
    intent !== undefined && (handoverFenceOf(context[side], lineage) === undefined || (fence?.at ?? '') < intent.at)
  )
}

/** The side that serves feeds the other, triggers are as that needs them, and nothing else is left of another way. */
export function settleServing(context: MigrationContext, engine: Engine, side: Side): Draft {
  const handover = handoverTo(side, context.names)
  const actions = [
    ...intentMissing(context, side),
    ...triggerActions(context, handover, []),
    ...servesOn(context, engine, side, []),
  ]
  return { actions: actions.map((a) => early(a)) }
}

/** The target was opened alone, and the source has come back without knowing that it no longer serves. */
function intentMissing(context: MigrationContext, side: Side): readonly Action[] {
  const { lineage } = context.names
  if (side !== 'target' || !isOpened(context.target, lineage)) return []
  if (context.source.recordOf(lineage, fenceId('source')) === undefined) return []
  const told = noReturnAction(context, handoverTo(side, context.names), [])
  return [{ ...told, sql: whateverTheTime(told.sql), hazards: [] }]
}

/**
 * What stops replication from the side that serves, and wrong triggers: left by a handover that was taken back while a
 * server could not be reached. Empty unless there is something to mend.
 */
export function mendServing(context: MigrationContext, engine: Engine, side: Side): Draft {
  if (!feedsOther(context, side)) return { actions: [] }
  const needed = settleServing(context, engine, side).actions.filter((a) => a.operation !== 'drop')
  return { actions: withoutDone(needed, (action) => probeAction(action, context)) }
}

/** Changes flow from the side that serves, and nothing is left of the other way. */
function servesOn(
  context: MigrationContext,
  engine: Engine,
  side: Side,
  after: readonly ActionId[],
): readonly Action[] {
  const off = constraintsOff(context, handoverTo(side, context.names), after)
  const fed = [...after, ...off.map((a) => a.id)]
  const settled = [...off, ...engine.settleReturn(context, handoverTo(side, context.names), fed)]
  // With reverse disabled there is no way back to be started, but there may be the one way.
  if (context.spec.reverse.enabled || !feedsOther(context, side)) return settled
  return [...engine.goOn(context, handoverTo(otherSide(side), context.names), fed), ...settled]
}

/** The other side has the subscription for it, whether it runs or not. */
export function feedsOther(context: MigrationContext, side: Side): boolean {
  const { subscription } = publishedFrom(side, context.names)
  return context[otherSide(side)].subscriptionByName(subscription) !== undefined
}

function early(action: Action): Action {
  return { ...action, phase: 'access', operation: action.operation === 'drop' ? 'drop' : 'repair' }
}
