import type { Action } from '../actions/action.js'
import type { Hazard } from '../actions/base.js'
import { RefusedError } from '../core/error.js'
import { approvalDigest } from '../plan/approval-digest.js'
import type { Plan } from '../plan/plan.js'
import type { ApprovalSpec } from '../spec/spec.js'
import { notCounted } from './not-counted.js'

interface Needed {
  readonly action: Action
  readonly hazard: Hazard
}

/** Hazards of pending actions that the spec had not approved when the plan was made, or whose approval has run out. */
export function missingApprovals(plan: Plan, pending: readonly Action[], today: string): readonly Needed[] {
  const granted = new Map((plan.approvals ?? []).map((a) => [`${a.hazard}#${a.action}`, a.until]))
  return pending.flatMap((action) =>
    action.hazards
      .filter((hazard) => hazard.approval === true)
      .filter((hazard) => (granted.get(`${hazard.code}#${action.id}`) ?? '') < today)
      .map((hazard) => ({ action, hazard })),
  )
}

/**
 * `--yes` confirms, it never approves: what crosses a line must stand in the spec, with a reason and an end. Of those that
 * the spec has by now it is told why they do not count: a plan holds the ones it was made and reviewed with.
 */
export function demandApprovals(
  plan: Plan,
  pending: readonly Action[],
  { given, now }: { readonly given: readonly ApprovalSpec[]; readonly now: Date },
): void {
  const today = now.toISOString().slice(0, 10)
  const missing = missingApprovals(plan, pending, today)
  if (missing.length === 0) return
  const lines = missing.flatMap(({ action, hazard }) => [
    `  ${hazard.code} of ${action.id}: ${hazard.message}`,
    ...notCounted(plan, { action, hazard }, given, today).map((why) => `    ${why}`),
  ])
  const until = new Date(now.getTime() + 7 * 86_400_000).toISOString().slice(0, 10)
  const entries = missing.map(
    ({ action, hazard }) =>
      `  - { hazard: ${hazard.code}, action: ${action.id}, reason: "…", until: ${until}, digest: "${approvalDigest(action, plan.volatile.estimates[action.id])}" }`,
  )
  throw new RefusedError('approval-missing', ['the plan does what nobody has approved:', ...lines].join('\n'), {
    hint: ['Add to the spec, then make a new plan and have it reviewed:', 'approve:', ...entries].join('\n'),
  })
}
