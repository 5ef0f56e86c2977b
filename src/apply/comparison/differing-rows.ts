import { rowName } from '../../verify/rows/row-name.js'
import { differsInStructureOnly } from '../../verify/rows/verify-result.js'
import type { TableResult } from '../../verify/rows/verify-result.js'

const TABLES = 20
const ROWS = 5

/** Rows are not said to differ where only columns do. */
export function whatDiffers(tables: readonly TableResult[]): string {
  const differing = tables.filter((t) => t.verdict === 'different')
  const what = differing.every(differsInStructureOnly) ? 'the columns of tables' : 'rows'
  return `${what} differ between source and target`
}

/** Tables that differ, each with the first of its rows, one a line. */
export function differingRows(tables: readonly TableResult[]): readonly string[] {
  const differing = tables.filter((t) => t.verdict === 'different')
  const more = differing.length - TABLES
  return [
    ...differing.slice(0, TABLES).map((t) => `  ${t.table}: ${[...rows(t), ...t.structure].join('; ')}`),
    ...(more > 0 ? [`  and ${String(more)} more tables`] : []),
  ]
}

function rows({ differences, unexplored }: TableResult): readonly string[] {
  const named = differences.slice(0, ROWS).map((d) => {
    const columns = d.columns.length === 0 ? '' : ` (${d.columns.join(', ')})`
    return `${d.kind} ${rowName(d)}${columns}`
  })
  const hidden = differences.length - named.length
  if (hidden > 0) return [...named, `and ${String(hidden)} more${unexplored > 0 ? ' at least' : ''}`]
  return unexplored > 0 ? [...named, 'and more'] : named
}

/** Tables of which nothing certain can be said, each with the reason, one a line. */
export function unsettledRows(tables: readonly TableResult[]): readonly string[] {
  return tables.filter((t) => t.verdict === 'unknown').map((t) => `  ${t.table}: ${t.couldNotTell ?? 'no reason'}`)
}
