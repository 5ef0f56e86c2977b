import { hasErrors } from '../../core/diagnostic.js'
import { planDigest } from '../../plan/plan-digest.js'
import type { Plan } from '../../plan/plan.js'
import { prettyJson } from '../../plan/pretty-json.js'
import { totalsOf } from './totals.js'

/** What `belt plan --json` prints; `v` changes when a field goes or means something else. */
export function planJson(plan: Plan, next: string): string {
  return prettyJson({
    v: 1,
    type: 'plan',
    digest: planDigest(plan),
    applicable: !hasErrors(plan.diagnostics),
    changes: plan.actions.length > 0,
    totals: totalsOf(plan),
    plan,
    next,
  })
}
