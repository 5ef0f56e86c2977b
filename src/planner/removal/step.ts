import type { Action } from '../../actions/action.js'
import type { ActionId } from '../../actions/base.js'
import type { Side } from '../../core/side.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'

export type Step = Extract<Action, { kind: 'ensure' }>

export function ensure(
  side: Side,
  id: ActionId,
  parts: Pick<Step, 'title' | 'sql' | 'after' | 'wants'> & Partial<Step>,
): Step {
  return { ...NOTHING_SPECIAL, kind: 'ensure', id, side, phase: 'remove', operation: 'drop', ...parts }
}
