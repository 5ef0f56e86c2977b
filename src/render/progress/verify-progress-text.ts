import type { VerifyProgress } from '../../verify/rows/progress.js'
import { count, digits, duration } from '../text/quantity.js'
import { visible } from '../text/visible.js'

/** `1,200 of about 5,000 rows, 300 rows/s, 12.7 s left, 1 of 3 tables: public.orders`. */
export function verifyProgressText({ rows, rowsPerSecond, etaSeconds, tables, table }: VerifyProgress): string {
  const left = etaSeconds === undefined ? '' : `, ${duration(etaSeconds)} left`
  const speed = rowsPerSecond > 0 ? `, ${digits(rowsPerSecond)} rows/s` : ''
  const all = `${digits(rows.done)} of about ${count(rows.total, 'row')}${speed}${left}`
  return `${all}, ${digits(tables.done)} of ${count(tables.total, 'table')}: ${visible(table)}`
}
