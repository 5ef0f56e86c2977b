import type { ActionId } from '../../actions/base.js'
import type { RunHook } from '../../actions/run-hook.js'
import type { MigrationContext } from '../../migration/context.js'
import { noReturnMark } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import type { State } from '../../state/state.js'
import { hookActions } from './hooks.js'

/**
 * The `after_open` hooks of a handover that has opened the other side and is not over: those that have not ended well,
 * as they stand in the spec now. So a hook whose text was wrong runs once it is corrected, and one that is taken out of
 * the spec is asked for no more. Without a state nobody knows what has run, and nothing is run a second time on a guess.
 */
export function hooksLeft(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly RunHook[] {
  const { state, spec } = context
  // Once the stage is recorded every hook has ended well, and their marks are forgotten.
  if (state === undefined || state.stage === spec.stage) return []
  const hooks = hookActions(context, handover, 'after_open', after)
  const open = hooks.filter((hook) => hook.marks.some((mark) => state.marks[mark] === undefined))
  if (open.length === 0 || !isUnderWay(state, handover, open)) return []
  const first = open[0]
  return open.map((hook) => (hook === first ? { ...hook, after } : hook))
}

/** Whether this very state has seen the handover: one that was lost since knows nothing of its hooks. */
function isUnderWay(state: State, { to }: Handover, hooks: readonly RunHook[]): boolean {
  if (state.marks[noReturnMark(to)] !== undefined) return true
  return hooks.some(({ id }) => ['failed', 'running'].includes(state.actions[id]?.status ?? ''))
}
