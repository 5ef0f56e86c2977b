import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import type { Engine } from '../../engines/engine.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Draft } from '../../migration/draft.js'
import { endSessionsBefore } from '../removal/end-sessions.js'
import { FENCE_TARGET_ID } from '../rules/fence-target.js'
import { recordsId } from '../rules/records.js'
import { dropSecondary } from './drop-secondary.js'
import { restartDone } from './generation.js'
import { EMPTIED_ID, truncateActions } from './truncate.js'

/**
 * Takes the copy on the target away: replication both ways, then what would slow another copy down, then the rows.
 * All of it is done once the record of this restart stands on the target, which the last truncation writes.
 */
export function planRestart(context: MigrationContext, engine: Engine): Draft {
  const unless = restartDone(context)
  const first: readonly ActionId[] = [recordsId('source'), recordsId('target'), FENCE_TARGET_ID]
  const streams = engine.takeDown(context, first).map((action): Action => inRestart(action, unless))
  const secondary = dropSecondary(context, [...first, ...streams.map((a) => a.id)])
  const last = secondary.at(-1)
  const before = last === undefined ? [...first, ...streams.map((a) => a.id)] : [last.id]
  const { actions, estimates } = truncateActions(context, before)
  const own = [...streams, ...[...secondary, ...actions].map((action) => inRestart(action, unless))]
  return { actions: endSessionsBefore(context, own), estimates }
}

function inRestart<A extends Action>(action: A, unless: NonNullable<Ensure['unless']>): A {
  return { ...action, phase: 'restart', ...(action.kind === 'ensure' ? { unless } : {}) }
}

export const MADE_AGAIN: ReadonlySet<Action['phase']> = new Set(['replication', 'copy', 'build', 'verify'])

/** Nothing is copied or built before the last of the old rows is gone. */
export function afterRestart(draft: Draft): Draft {
  const wait = (action: Action): Action =>
    MADE_AGAIN.has(action.phase) ? { ...action, after: [...action.after, EMPTIED_ID] } : action
  return { ...draft, actions: draft.actions.map(wait) }
}
