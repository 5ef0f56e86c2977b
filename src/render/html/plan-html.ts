import { hasErrors, sortDiagnostics, type Diagnostic } from '../../core/diagnostic.js'
import { isUnrecorded } from '../../plan/plan.js'
import type { Plan } from '../../plan/plan.js'
import { approvalsShown } from '../plan/approval-words.js'
import { databaseText, journeyText } from '../plan/header-text.js'
import { planSections } from '../plan/plan-sections.js'
import { estimateText } from '../plan/right-now-text.js'
import { totalsOf, totalsText } from '../plan/totals.js'
import { unrecordedText } from '../plan/unrecorded-text.js'
import { LEGEND } from '../plan/words.js'
import { count } from '../text/quantity.js'
import { actionHtml } from './action-html.js'
import { escapeLines, html, type Html } from './escape.js'
import { htmlPage, htmlSection } from './page.js'

/** A plan as one page that loads nothing and runs nothing: to read, to archive, to print. */
export function planHtml(plan: Plan, next: string): string {
  const approvals = approvalsShown(plan)
  const body = [
    headerHtml(plan),
    ...htmlSection('Findings', sortDiagnostics(plan.diagnostics).map(findingHtml)),
    ...planSections(plan).flatMap(({ title, actions }) =>
      htmlSection(
        title,
        actions.map((a) => actionHtml(a, plan.volatile.estimates[a.id], approvals)),
      ),
    ),
    ...htmlSection(
      'Left for later on purpose',
      plan.deferred.map((d) => html`<li><code>${d.what}</code> until ${d.until}: ${d.why}</li>`),
    ),
    ...htmlSection(`Right now (${plan.volatile.createdAt}); changes by itself`, rightNow(plan)),
    html`<p>Next: <code>${next}</code></p>`,
  ]
  return htmlPage(`belt plan: ${plan.name}`, body)
}

function headerHtml(plan: Plan): Html {
  return html`<h1>${plan.name}: ${journeyText(plan)}</h1>
    <p>source: ${databaseText(plan.source)}<br />target: ${databaseText(plan.target)}<br />engine: ${plan.engine}</p>
    <p class="summary">${summary(plan)}</p>
    <p class="info">${LEGEND}</p> `
}

function summary(plan: Plan): string {
  if (hasErrors(plan.diagnostics)) {
    const errors = plan.diagnostics.filter((d) => d.severity === 'error').length
    return `${count(errors, 'error')}: nothing can be applied until ${errors === 1 ? 'it is' : 'they are'} fixed.`
  }
  if (isUnrecorded(plan)) return unrecordedText(plan)
  return plan.actions.length === 0 ? 'No changes.' : `Plan: ${totalsText(totalsOf(plan))}.`
}

function findingHtml(d: Diagnostic): Html {
  const side = d.side === undefined ? '' : ` (${d.side})`
  const fix = d.fix === undefined ? [] : [html`<pre>${escapeLines(d.fix)}</pre>`]
  return html`<li><strong class="${d.severity}">${d.severity} ${d.code}</strong>${side}: ${d.message}${fix}</li> `
}

function rightNow({ volatile }: Plan): readonly Html[] {
  const { copyRows, copyBytes, activity } = volatile
  const copy =
    copyRows + copyBytes === 0 ? [] : [html`<li>to copy: ${estimateText({ rows: copyRows, bytes: copyBytes })}</li> `]
  return [...copy, ...activity.map(findingHtml)]
}
