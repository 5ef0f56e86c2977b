import { counted } from '../../core/counted.js'
import type { Comparison } from './comparison.js'
import type { SideSessions } from './side-sessions.js'

/**
 * Of a table of which only rows that fit a filter move, what the target holds beyond them: nothing brings such rows there or
 * back, so they are a difference. Reads the whole table on the target.
 */
export async function strayRows({ name, filter }: Comparison, sessions: SideSessions): Promise<readonly string[]> {
  if (filter === undefined) return []
  const text = `select pg_catalog.count(*)::text as rows from only ${name} where (${filter}\n) is not true`
  const [found] = await sessions.scan<{ rows: string }>('target', { text, values: [] })
  const strays = Number(found?.rows ?? 0)
  return strays === 0 ? [] : [`the target holds ${counted(strays, 'row')} outside the row filter`]
}
