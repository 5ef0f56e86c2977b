import type { Action } from '../actions/action.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { approvalDigest } from '../plan/approval-digest.js'
import type { Approval, Plan } from '../plan/plan.js'
import type { ApprovalSpec, Spec } from '../spec/spec.js'

interface Approvals {
  /** Of hazards in the plan. */
  readonly approvals: readonly Approval[]
  readonly lapsed: readonly Diagnostic[]
}

/** Which approvals of the spec hold for a plan's actions: not those that were given to another form of the action. */
export function approvalsOf(
  { approve }: Spec,
  actions: readonly Action[],
  estimates: Plan['volatile']['estimates'],
): Approvals {
  const needed = new Map<string, Action>(
    actions.flatMap((action) =>
      action.hazards.filter((h) => h.approval === true).map((h) => [`${h.code}#${action.id}`, action]),
    ),
  )
  const approvals: Approval[] = []
  const lapsed: Diagnostic[] = []
  for (const approval of approve) {
    const action = needed.get(`${approval.hazard}#${approval.action}`)
    if (action === undefined) continue
    const { hazard, reason, until } = approval
    const digest = approvalDigest(action, estimates[action.id])
    if (approval.digest !== undefined && approval.digest !== digest) lapsed.push(hasLapsed(approval, digest))
    else approvals.push({ hazard, action: approval.action, reason, until })
  }
  return { approvals, lapsed }
}

function hasLapsed({ hazard, action, digest = '', at }: ApprovalSpec, now: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'approval-lapsed',
    subject: action,
    message: `the approval of ${hazard} was given to ${action} as it was then (${digest}), and the action or its size has changed since`,
    fix: `Review the action; to approve it as it is now write digest: "${now}".`,
    ...(at === undefined ? {} : { at }),
  }
}
