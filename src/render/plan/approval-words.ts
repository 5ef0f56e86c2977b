import type { Action } from '../../actions/action.js'
import type { Hazard } from '../../actions/base.js'
import type { Plan } from '../../plan/plan.js'

type Approvals = Plan['approvals']

/** Who took the responsibility for a hazard, or that somebody has to; nothing where none is asked for. */
export function approvalWords(approvals: Approvals, action: Action, hazard: Hazard): string | undefined {
  if (hazard.approval !== true) return undefined
  const given = approvals?.find((a) => a.hazard === hazard.code && a.action === action.id)
  return given === undefined
    ? `approval missing: the spec has none for { hazard: ${hazard.code}, action: ${action.id} }`
    : `approved until ${given.until}: ${given.reason}`
}

/** Hazards that apply will refuse, however the plan was reviewed. */
export function approvalsMissing({ actions, approvals }: Pick<Plan, 'actions' | 'approvals'>): number {
  const given = new Set((approvals ?? []).map((a) => `${a.hazard}#${a.action}`))
  return actions.flatMap((a) => a.hazards.filter((h) => h.approval === true && !given.has(`${h.code}#${a.id}`))).length
}
