import { hasErrors } from '../../core/diagnostic.js'
import { isUnrecorded } from '../../plan/plan.js'
import type { Plan } from '../../plan/plan.js'
import { diagnosticsText } from '../diagnostics-text.js'
import { count } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { visible } from '../text/visible.js'
import { hang } from '../text/wrap.js'
import { actionText, batchText, type ActionDetail } from './action-text.js'
import { approvalsMissing, approvalsShown } from './approval-words.js'
import { LISTED_AT_MOST, linesOf, routineCount } from './condense.js'
import { headerText } from './header-text.js'
import { planSections } from './plan-sections.js'
import { rightNowText } from './right-now-text.js'
import { totalsOf, totalsText } from './totals.js'
import { unrecordedText } from './unrecorded-text.js'
import { LEGEND } from './words.js'

export interface PlanTextOptions {
  readonly style: Style
  /** Every action by itself, however many there are. */
  readonly all?: boolean
  /** The SQL of every action, whole. Implies `all`. */
  readonly sql?: boolean
  /** Leave out what changes by itself from one plan to the next. */
  readonly withoutVolatile?: boolean
  /** The last line: the command that comes next. */
  readonly next: string
}

/** A plan as a person reviews it in a terminal; ends with a line feed. */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const { style } = options
  const sections = [
    headerText(plan, style),
    ...phaseSections(plan, options),
    deferredSection(plan, style),
    findingsSection(plan, style),
    options.withoutVolatile === true || hasErrors(plan.diagnostics) ? [] : rightNowText(plan, style),
    [summary(plan, style), `Next: ${options.next}`],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function phaseSections(plan: Plan, options: PlanTextOptions): readonly (readonly string[])[] {
  const { style } = options
  const approvals = approvalsShown(plan)
  const detail: ActionDetail = options.sql === true ? 'sql' : 'default'
  const routine = routineCount(plan.actions)
  const condense = routine > LISTED_AT_MOST && options.all !== true && options.sql !== true
  const phases = planSections(plan).map(({ title, actions }) => [
    style.bold(title),
    ...linesOf(actions, condense).flatMap((line) =>
      'action' in line ? actionText(line.action, style, detail, approvals) : batchText(line.batch, style),
    ),
  ])
  if (phases.length === 0) return []
  const note = `${count(routine, 'routine action')} counted by kind; --all lists each, --sql with its SQL.`
  return [[style.dim(LEGEND)], ...phases, ...(condense ? [[style.dim(note)]] : [])]
}

function deferredSection(plan: Plan, style: Style): readonly string[] {
  if (plan.deferred.length === 0) return []
  return [
    style.bold('Left for later on purpose'),
    ...plan.deferred.flatMap((d) => hang('  · ', visible(`${d.what}, until ${d.until}: ${d.why}`), style.width)),
  ]
}

function findingsSection(plan: Plan, style: Style): readonly string[] {
  if (plan.diagnostics.length === 0) return []
  return [style.bold('Findings'), ...diagnosticsText(plan.diagnostics, style)]
}

function summary(plan: Plan, style: Style): string {
  const errors = plan.diagnostics.filter((d) => d.severity === 'error').length
  if (errors > 0) {
    const text = `${count(errors, 'error')}: this plan cannot be applied until ${errors === 1 ? 'it is' : 'they are'} fixed.`
    return style.severity.error(text)
  }
  if (plan.actions.length > 0) {
    const missing = approvalsMissing(plan)
    const refused =
      missing === 0
        ? ''
        : `\n${style.severity.warning(`${count(missing, 'approval')} missing: belt apply refuses this plan.`)}`
    return `${style.bold(`Plan: ${totalsText(totalsOf(plan))}.`)}${refused}`
  }
  if (plan.only !== undefined) return style.good('No changes: what was selected is done.')
  if (isUnrecorded(plan)) return style.good(unrecordedText(plan))
  return style.good(
    `No changes: ${visible(plan.name)} is at stage ${plan.to}, and both databases are as the spec says.`,
  )
}
