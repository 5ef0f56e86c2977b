import { differsInStructureOnly, type TableResult } from '../../verify/rows/verify-result.js'
import { count, digits, duration } from '../text/quantity.js'
import { kindsText } from './describe-difference.js'
import type { Verification } from './verification.js'

/** How it was compared, as one line. */
export function howText({ stage, depth, publisher, patterns }: Verification): string {
  const rows = depth === 'full' ? 'every row' : `a sample of ${digits(depth.sample)} rows a table`
  const some = patterns.length === 0 ? '' : ` of ${patterns.join(', ')}`
  return `at ${stage}; ${rows}${some} compared while changes stream from the ${publisher}`
}

/** What it came to, in one sentence. */
export function verdictText(verification: Verification): string {
  const { rows, verdict, notCompared, schema } = verification
  const structural = rows.tables.filter(differsInStructureOnly)
  const differing = rows.tables.filter((t) => t.verdict === 'different' && !differsInStructureOnly(t))
  const unknown =
    rows.tables.filter((t) => t.verdict === 'unknown').length + notCompared.filter((t) => !t.onPurpose).length
  const found = [
    ...(differing.length === 0 ? [] : [`the rows of ${count(differing.length, 'table')}`]),
    ...(structural.length === 0 ? [] : [`the columns of ${count(structural.length, 'table')}`]),
    ...(schema === undefined || schema.findings.length === 0
      ? []
      : [count(schema.findings.length, 'thing of the structure', 'things of the structure')]),
  ]
  switch (verdict) {
    case 'equal':
      return `Equal${verification.depth === 'full' ? '' : ' as far as the sample goes'}: ${measureText(verification)}.`
    case 'different':
      return `Different: ${found.join(' and ')}; ${measureText(verification)}.`
    case 'unknown':
      return `Could not tell: nothing certain of ${count(unknown, 'table')}; the rest is equal: ${measureText(verification)}.`
  }
}

function measureText({ rows }: Verification): string {
  const read = rows.tables.reduce((sum, t) => sum + t.rows.source, 0)
  return `${count(rows.tables.length, 'table')}, ${count(read, 'row')}, ${duration(rows.durationMs / 1000)}`
}

/** What is wrong with one table's rows; not escaped. */
export function tableProblem(t: TableResult): string {
  if (t.verdict === 'unknown') return t.couldNotTell ?? 'nothing certain can be said'
  const kinds = t.differences.length === 0 ? [] : [kindsText(t.differences)]
  const more = t.unexplored === 0 ? [] : [`${count(t.unexplored, 'more chunk')} not looked into`]
  return [...kinds, ...more, ...t.structure].join('; ')
}

/** Of a table whose rows are not what differs: they were compared by the columns of both sides, or there is no such table. */
export function structureProblem(t: TableResult): string {
  const { structure, method, rows } = t
  const compared =
    method === undefined || rows.source === 0 ? '' : '; by the columns that both sides have its rows are equal'
  return `${structure.join('; ')}${compared}`
}

/** `source 0/1 to 0/2, target …`. */
export function positionsText({ rows: { lsn } }: Verification): string {
  const span = (side: 'source' | 'target'): string =>
    `${side} ${lsn[side].from ?? 'unknown'} to ${lsn[side].to ?? 'unknown'}`
  return `log positions: ${span('source')}, ${span('target')}`
}
