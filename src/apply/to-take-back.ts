import type { Action } from '../actions/action.js'
import { fenceId } from '../migration/fence-record.js'
import type { SavedPlan } from '../plan/plan-file.js'
import type { State } from '../state/state.js'

/**
 * What of a handover has to be taken back, last first: what was begun of it. `closed` is what the fenced side's own server
 * says.
 *
 * With the fence up and a state that does not know of it, or knows nothing of the plan at all, everything is tried. With
 * no fence up both sides are live, and what belongs into the pause is not touched: the tables of its triggers may be
 * locked by somebody, and an earlier handover of the very plan that was given up has taken it back.
 */
export function toTakeBack(
  { plan, digest }: Pick<SavedPlan, 'plan' | 'digest'>,
  known: State | undefined,
  closed: boolean,
): readonly Action[] {
  const begun = (id: string): boolean => known?.actions[id]?.plan === digest
  const takes = plan.actions.filter((a) => a.abort !== undefined).reverse()
  const fence = plan.actions.find((a) => a.phase === 'pause' && a.id === fenceId(a.side))
  if (!plan.actions.some((a) => begun(a.id))) return takes
  if (!closed) return takes.filter((a) => a.phase !== 'pause' && begun(a.id))
  return fence !== undefined && begun(fence.id) ? takes.filter((a) => begun(a.id)) : takes
}
