import type { Diagnostic } from '../core/diagnostic.js'
import { isUnrecorded } from '../plan/plan.js'
import type { Plan } from '../plan/plan.js'
import { prettyJson } from '../plan/pretty-json.js'
import { diagnosticsText } from './diagnostics-text.js'
import { actionText } from './plan/action-text.js'
import { totalsOf, totalsText } from './plan/totals.js'
import { unrecordedText } from './plan/unrecorded-text.js'
import { count } from './text/quantity.js'
import type { Style } from './text/style.js'
import { visible } from './text/visible.js'
import { headerText } from './plan/header-text.js'

/** How reality and spec differ. */
export interface Drift {
  readonly plan: Plan
  /** Replication that stands and does not work. */
  readonly alarms: readonly Diagnostic[]
  /** One side feeds the other; before `replicating`, once all is over, and without a way back after a cutover none does. */
  readonly replicates: boolean
}

/** Whether anything must be looked at: something is to do, stands wrong, or cannot go on. */
export function hasDrift({ plan, alarms }: Drift): boolean {
  return alarms.length > 0 || plan.actions.length > 0 || findingsOf(plan).length > 0
}

/** Errors, and whatever is called drift. */
function findingsOf(plan: Plan): readonly Diagnostic[] {
  return plan.diagnostics.filter((d) => d.severity === 'error' || d.code.startsWith('drift-'))
}

/** What the plan finds too is said once, as the alarm that it is. */
function allFindings({ plan, alarms }: Drift): readonly Diagnostic[] {
  const said = (d: Diagnostic): boolean => alarms.some((a) => a.code === d.code && a.message === d.message)
  return [...alarms, ...findingsOf(plan).filter((d) => !said(d))]
}

const SHOWN = 40

export function driftText(drift: Drift, style: Style, next: string): string {
  const { plan } = drift
  const findings = allFindings(drift)
  const more = plan.actions.length - SHOWN
  const pending = [
    style.bold(`Missing for stage ${plan.to}`),
    ...plan.actions
      .slice(0, SHOWN)
      .flatMap((action) => actionText({ ...action, hazards: [], locks: [] }, style, 'none').slice(0, 1)),
    ...(more > 0 ? [`  and ${count(more, 'more', 'more')}; belt plan --all lists them`] : []),
  ]
  const sections = [
    headerText(plan, style),
    ...(findings.length === 0 ? [] : [[style.bold('Wrong'), ...diagnosticsText(findings, style)]]),
    ...(plan.actions.length === 0 ? [] : [pending]),
    [verdict(drift, findings.length, style), `Next: ${next}`],
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function verdict(drift: Drift, findings: number, style: Style): string {
  const { plan } = drift
  if (!hasDrift(drift) && isUnrecorded(plan)) return style.good(`No drift. ${unrecordedText(plan)}`)
  if (!hasDrift(drift)) {
    const flow = drift.replicates ? ' and replication works' : '; nothing replicates'
    return style.good(`No drift: ${visible(plan.name)} is at stage ${plan.to}${flow}.`)
  }
  const wrong = findings === 0 ? [] : [count(findings, 'thing wrong', 'things wrong')]
  const missing = plan.actions.length === 0 ? [] : [totalsText(totalsOf(plan))]
  return style.severity.warning(`Drift: ${[...wrong, ...missing].join('; ')}.`)
}

/** What `belt drift --json` prints; `v` changes when a field goes or means something else. */
export function driftJson(drift: Drift, next: string): string {
  const { plan } = drift
  return prettyJson({
    v: 1,
    type: 'drift',
    name: plan.name,
    drift: hasDrift(drift),
    stage: plan.from,
    wanted: plan.to,
    findings: allFindings(drift),
    pending: plan.actions.map(({ id, kind, side, operation, title }) => ({ id, kind, side, operation, title })),
    totals: totalsOf(plan),
    next,
  })
}
