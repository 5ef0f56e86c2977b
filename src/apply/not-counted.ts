import type { Action } from '../actions/action.js'
import type { Hazard } from '../actions/base.js'
import { nearestWords } from '../core/nearest-words.js'
import { approvalDigest } from '../plan/approval-digest.js'
import type { Plan } from '../plan/plan.js'
import type { ApprovalSpec } from '../spec/spec.js'

/** Approvals of the spec that may have been meant for one hazard of an action, and why none of them counts; in words. */
export function notCounted(
  plan: Plan,
  { action, hazard }: { readonly action: Action; readonly hazard: Hazard },
  given: readonly ApprovalSpec[],
  today: string,
): readonly string[] {
  const ids = new Set<string>(plan.actions.map((a) => a.id))
  const lines = given.flatMap((approval): readonly string[] => {
    const why = reason(approval)
    if (why === undefined) return []
    const where = approval.at === undefined ? '' : ` in line ${String(approval.at.line)}`
    return [`the approval of ${approval.hazard} for ${approval.action}${where} ${why}`]
  })
  const planned = plan.approvals?.find((a) => a.hazard === hazard.code && a.action === action.id)
  const gone = planned !== undefined && !given.some((a) => a.hazard === hazard.code && a.action === action.id)
  return gone ? [...lines, `the approval that this plan was made with ran out on ${planned.until}`] : lines

  function reason(approval: ApprovalSpec): string | undefined {
    const sameHazard = approval.hazard === hazard.code
    if (sameHazard && approval.action === action.id) {
      if (approval.until < today) return `ran out on ${approval.until}`
      const now = approvalDigest(action, plan.volatile.estimates[action.id])
      if (approval.digest !== undefined && approval.digest !== now) {
        return `was given to digest ${approval.digest}; the action of this plan has ${now}`
      }
      return 'is not in this plan: it was given after the plan was made, or changed since'
    }
    // One that counts for another action of the plan is not this one's.
    if (sameHazard && !ids.has(approval.action)) {
      return nearestWords(approval.action, [action.id]).length === 0
        ? undefined
        : `names an action that this plan does not have; this one is ${action.id}`
    }
    if (approval.action !== action.id || action.hazards.some((h) => h.code === approval.hazard)) return undefined
    return `names a hazard that the action does not have; this one is ${hazard.code}`
  }
}
