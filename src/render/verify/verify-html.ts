import { differsInStructureOnly, type Difference, type TableResult } from '../../verify/rows/verify-result.js'
import { html, type Html } from '../html/escape.js'
import { htmlPage, htmlSection } from '../html/page.js'
import { databaseText } from '../plan/header-text.js'
import { count, digits } from '../text/quantity.js'
import { rowName } from '../../verify/rows/row-name.js'
import { valueLines } from './describe-difference.js'
import type { Verification } from './verification.js'
import { howText, positionsText, structureProblem, tableProblem, verdictText } from './verify-summary.js'

/** A verification as one page that loads nothing and runs nothing: evidence to archive or to print. */
export function verifyHtml(verification: Verification, next: string): string {
  const { name, at, source, target, rows, notCompared, schema, verdict } = verification
  const of = (wanted: TableResult['verdict']): readonly TableResult[] => rows.tables.filter((t) => t.verdict === wanted)
  const differing = of('different')
  const tone = { equal: 'create', different: 'error', unknown: 'warning' }[verdict]
  return htmlPage(`belt verify: ${name}`, [
    html`<h1>${name}: rows and structure compared</h1>
      <p>source: ${databaseText(source)}<br />target: ${databaseText(target)}<br />${at}, ${howText(verification)}</p>
      <p class="summary ${tone}">${verdictText(verification)}</p>
      <p class="info">${positionsText(verification)}</p> `,
    ...htmlSection('Rows that differ', differing.filter((t) => !differsInStructureOnly(t)).map(differingTable)),
    ...htmlSection(
      'May be the cause',
      (verification.causes ?? []).map((why) => html`<li>${why}</li> `),
    ),
    ...htmlSection('Structure that differs', [
      ...differing.filter(differsInStructureOnly).map((t) => item(t.table, structureProblem(t))),
      ...(schema?.findings ?? []).map((f) => item(f.what, f.problem)),
    ]),
    ...htmlSection('Nothing certain', [
      ...of('unknown').map((t) => item(t.table, tableProblem(t))),
      ...notCompared.filter((t) => !t.onPurpose).map((t) => item(t.table, t.why)),
    ]),
    ...htmlSection('Not compared', [
      ...notCompared.filter((t) => t.onPurpose).map((t) => item(t.table, t.why)),
      ...(schema?.leftOut ?? []).map((why) => html`<li>${why}</li> `),
    ]),
    ...htmlSection(
      'Different on purpose',
      (schema?.expected ?? []).map((f) => item(f.what, `${f.problem}: ${f.why}`)),
    ),
    ...htmlSection(
      'Equal',
      of('equal').map((t) => item(t.table, measure(t))),
    ),
    html`<p>Next: <code>${next}</code></p>`,
  ])
}

function item(what: string, problem: string): Html {
  return html`<li><code>${what}</code>: ${problem}</li> `
}

function measure(t: TableResult): string {
  return `${digits(t.rows.source)} rows on the source, ${digits(t.rows.target)} on the target, ${count(t.chunks, 'chunk')} by ${t.method ?? 'nothing'}`
}

function differingTable(t: TableResult): Html {
  return html`<li>
    <code>${t.table}</code>: <strong class="error">${tableProblem(t)}</strong> (${measure(t)})
    <ul>
      ${t.differences.map(differenceHtml)}
    </ul>
  </li> `
}

function differenceHtml(d: Difference): Html {
  const columns = d.columns.length === 0 ? '' : ` (${d.columns.join(', ')})`
  return html`<li>
    ${d.kind} <code>${rowName(d)}</code>${columns}${valueLines(d).map((line) => html`<br /><code>${line}</code>`)}
  </li> `
}
