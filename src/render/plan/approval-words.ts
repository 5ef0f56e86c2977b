import type { Action } from '../../actions/action.js'
import type { Hazard } from '../../actions/base.js'
import type { Approval, Plan } from '../../plan/plan.js'

/** An approval of a plan, and whether it had run out by the day on which the plan was made. */
export interface ShownApproval extends Approval {
  readonly over: boolean
}

export function approvalsShown({
  approvals = [],
  volatile,
}: Pick<Plan, 'approvals' | 'volatile'>): readonly ShownApproval[] {
  const day = volatile.createdAt.slice(0, 10)
  return approvals.map((a) => ({ ...a, over: a.until < day }))
}

/** Who took the responsibility for a hazard, or that somebody has to; nothing where none is asked for. */
export function approvalWords(approvals: readonly ShownApproval[], action: Action, hazard: Hazard): string | undefined {
  if (hazard.approval !== true) return undefined
  const given = approvals.filter((a) => a.hazard === hazard.code && a.action === action.id)
  const counts = given.find((a) => !a.over)
  if (counts !== undefined) return `approved until ${counts.until}: ${counts.reason}`
  const over = given[0]
  return over === undefined
    ? `approval missing: the spec has none for { hazard: ${hazard.code}, action: ${action.id} }`
    : `approval missing: that of the spec ran out on ${over.until} ({ hazard: ${hazard.code}, action: ${action.id} })`
}

/** Hazards that apply will refuse, however the plan was reviewed. */
export function approvalsMissing(plan: Pick<Plan, 'actions' | 'approvals' | 'volatile'>): number {
  const given = new Set(approvalsShown(plan).flatMap((a) => (a.over ? [] : [`${a.hazard}#${a.action}`])))
  return plan.actions.flatMap((a) => a.hazards.filter((h) => h.approval === true && !given.has(`${h.code}#${a.id}`)))
    .length
}
