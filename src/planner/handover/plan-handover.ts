import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import type { Engine } from '../../engines/engine.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import type { Draft } from '../../migration/draft.js'
import { planGrantRead } from '../rules/grant-read.js'
import { planWorkerSettings } from '../rules/worker-settings.js'
import { constraintsOff, constraintsOn } from './constraints.js'
import { copiedRowsId, copyRowsActions, tablesCopiedInPause } from './copied-tables.js'
import { fenceAction, quietAction, quietAgainAction } from './fence.js'
import { compareAction } from './compare.js'
import { gateAction, verifyEstimate, verifyHandoverAction } from './gate.js'
import { hookActions } from './hooks.js'
import { refreshViews } from './refresh-views.js'
import { noReturnAction, openAction } from './open.js'
import { sequencesAction } from './sequences.js'
import { triggerActions } from './triggers.js'

/**
 * The way from one side serving to the other. Everything that can happen before the pause does; inside it each step
 * waits for the one before, but for the copied tables, which go side by side.
 */
export function planHandover(context: MigrationContext, engine: Engine, handover: Handover): Draft {
  // Nothing waits for it, so that a part of this can be had alone; but what fails keeps the rest from being begun.
  const dialled = engine.tryDial(context, handover)
  // First of all: it may take hours, and the way back keeps log for as long as it stands.
  const compared = compareAction(context, handover)
  const grants = grantsFor(context, handover).map((a): Action => ({
    ...a,
    after: [...a.after, ...ids(compared.actions)],
  }))
  const workers = workerSettings(context, handover, ids(compared.actions))
  const back = engine.prepareReturn(context, handover, ids([...compared.actions, ...grants, ...workers]))
  const ahead = sequencesAction(context, handover, 'ahead', ids(compared.actions))
  const views = refreshViews(context, handover, {
    ahead: ids([...compared.actions, ...back, ahead]),
    inside: tablesCopiedInPause(context).map((t) => copiedRowsId(handover.to, t)),
  })
  const gate = gateAction(context, handover, ids([...back, ahead, ...views.ahead]))
  const beforeFence = hookActions(context, handover, 'before_fence', [gate.id])
  const fence = fenceAction(context, handover, ids([gate, ...beforeFence]))
  const afterFence = hookActions(context, handover, 'after_fence', [fence.id])
  const quiet = quietAction(context, handover, ids([fence, ...afterFence]))
  const drain = engine.drain(context, handover, [quiet.id])
  const exact = sequencesAction(context, handover, 'exact', ids(drain))
  const rows = copyRowsActions(context, handover, ids(drain))
  const constraints = constraintsOn(context, handover, [exact.id, ...ids(rows)])
  const before = ids([exact, ...rows, ...constraints.made, ...views.inside])
  const verified = verifyHandoverAction(context, handover, before)
  const turn = engine.turnAround(context, handover, [verified.id])
  const triggers = triggerActions(context, handover, ids(turn))
  const on = triggers.filter((a) => a.side === handover.to)
  const turned = [...ids(turn), ...ids(on)]
  const beforeOpen = hookActions(context, handover, 'before_open', turned)
  const still = quietAgainAction(quiet, [...turned, ...ids(beforeOpen)])
  // Altering a table asks for the lock that is held until here, so it comes as late as it can.
  const triggersOff = triggers.filter((a) => a.side === handover.from).map((a): Action => ({ ...a, after: [still.id] }))
  const noReturn = noReturnAction(context, handover, [still.id, ...ids(triggersOff)])
  const open = openAction(context, handover, [noReturn.id])
  const afterOpen = hookActions(context, handover, 'after_open', [open.id])
  const off = constraintsOff(context, handover, [open.id])
  const settle = engine.settleReturn(context, handover, [open.id, ...ids(off)])
  const checked = constraints.checked.map((a): Action => ({ ...a, after: [...a.after, open.id] }))
  return {
    actions: [
      ...[...dialled, ...compared.actions, ...grants, ...workers, ...back, ahead, ...views.ahead, gate, ...beforeFence],
      ...[fence, ...afterFence, quiet, ...drain, exact],
      ...[
        ...rows,
        ...constraints.made,
        ...views.inside,
        verified,
        ...turn,
        ...on,
        ...beforeOpen,
        still,
        ...triggersOff,
        noReturn,
        open,
        ...afterOpen,
      ],
      ...[...off, ...settle, ...checked],
    ],
    estimates: { ...compared.estimates, ...views.estimates, ...verifyEstimate(context, verified) },
    ifGivenUp: hookActions(context, handover, 'after_give_up', []),
  }
}

/** Read access on the side that will be read from. */
function grantsFor(context: MigrationContext, handover: Handover): readonly Action[] {
  if (!context.spec.reverse.enabled) return []
  return planGrantRead(context, handover.to).actions.map((a): Action => ({ ...a, phase: 'before pause' }))
}

/** The side that is closed will apply what the other one writes, under the settings of its own database (rule 2). */
function workerSettings(context: MigrationContext, handover: Handover, after: readonly ActionId[]): readonly Action[] {
  if (!context.spec.reverse.enabled) return []
  return planWorkerSettings(context, handover.from, after).actions.map((a): Action => ({ ...a, phase: 'before pause' }))
}

function ids(actions: readonly Action[]): readonly ActionId[] {
  return actions.map((a) => a.id)
}
