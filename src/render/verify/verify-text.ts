import { differsInStructureOnly, type TableResult } from '../../verify/rows/verify-result.js'
import { databaseText } from '../plan/header-text.js'
import { count } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { visible } from '../text/visible.js'
import { hang } from '../text/wrap.js'
import { rowName } from '../../verify/rows/row-name.js'
import { valueLines } from './describe-difference.js'
import type { Verification } from './verification.js'
import { howText, positionsText, structureProblem, tableProblem, verdictText } from './verify-summary.js'

/** Differences shown of each table; JSON and the page have all that were named. */
const SHOWN = 20

/** What a verification found, for a person. */
export function verifyText(verification: Verification, style: Style, next: string): string {
  const { name, source, target, rows, notCompared, schema } = verification
  const head = [
    `${style.bold(visible(name))}  ${visible(howText(verification))}`,
    `  source  ${databaseText(source)}`,
    `  target  ${databaseText(target)}`,
    `  ${style.dim(positionsText(verification))}`,
  ]
  const bullet = (what: string, problem: string): readonly string[] =>
    hang('  ', visible(`${what}: ${problem}`), style.width)
  const structural = rows.tables.filter(differsInStructureOnly)
  const wrong = rows.tables.filter((t) => t.verdict === 'different' && !structural.includes(t))
  const unknown = rows.tables.filter((t) => t.verdict === 'unknown')
  const unsettled = [
    ...unknown.map((t) => ({ table: t.table, why: tableProblem(t) })),
    ...notCompared.filter((t) => !t.onPurpose),
  ]
  const section = (title: string, lines: readonly string[]): readonly (readonly string[])[] =>
    lines.length === 0 ? [] : [[style.bold(title), ...lines]]
  const sections = [
    head,
    ...section(
      'Rows that differ',
      wrong.flatMap((t) => tableLines(t, style)),
    ),
    ...section(
      'May be the cause',
      (verification.causes ?? []).flatMap((why) => hang('  ', visible(why), style.width)),
    ),
    ...section('Structure that differs', [
      ...structural.flatMap((t) => bullet(t.table, structureProblem(t))),
      ...(schema?.findings ?? []).flatMap((f) => bullet(f.what, f.problem)),
    ]),
    ...section(
      'Nothing certain',
      unsettled.flatMap((t) => bullet(t.table, t.why)),
    ),
    ...section('Not compared', [
      ...notCompared.filter((t) => t.onPurpose).flatMap((t) => bullet(t.table, t.why)),
      ...(schema?.leftOut ?? []).flatMap((why) => hang('  ', visible(why), style.width)),
    ]),
    ...section(
      'Different on purpose',
      (schema?.expected ?? []).flatMap((f) => bullet(f.what, `${f.problem}: ${f.why}`)),
    ),
    [painted(verification, style), `Next: ${next}`],
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function tableLines(t: TableResult, style: Style): readonly string[] {
  const hidden = t.differences.length - SHOWN
  return [
    `  ${style.bold(visible(t.table))}  ${visible(tableProblem(t))}`,
    ...t.differences
      .slice(0, SHOWN)
      .flatMap((d) => [
        `    ${d.kind.padEnd(8)} ${visible(rowName(d))}${d.columns.length === 0 ? '' : style.dim(`  (${visible(d.columns.join(', '))})`)}`,
        ...valueLines(d).map((line) => `             ${visible(line)}`),
      ]),
    ...(hidden > 0 ? [`    and ${count(hidden, 'more', 'more')}; --json names them`] : []),
  ]
}

function painted(verification: Verification, style: Style): string {
  const text = verdictText(verification)
  switch (verification.verdict) {
    case 'equal':
      return style.good(text)
    case 'different':
      return style.severity.error(text)
    case 'unknown':
      return style.severity.warning(text)
  }
}
