import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedTable } from '../../migration/scope.js'
import type { ScopedTable } from '../../migration/scope.js'
import { matchesPattern } from '../../spec/table-pattern.js'
import type { VerifyTable } from '../rows/verify-input.js'
import type { StreamingDirection } from './streaming-direction.js'

export interface NotCompared {
  /** As quoteQualified writes it. */
  readonly table: string
  readonly why: string
  /** It is left out on purpose; otherwise nothing is known of rows that should be compared. */
  readonly onPurpose: boolean
}

export interface ComparedTables {
  readonly tables: readonly VerifyTable[]
  readonly notCompared: readonly NotCompared[]
}

/**
 * Which tables of the scope can be compared while changes stream, and why the others cannot. `patterns` narrow the scope;
 * with none everything is in it.
 */
export function comparedTables(
  { scope }: MigrationContext,
  { publisher, subscription }: StreamingDirection,
  patterns: readonly string[],
): ComparedTables {
  const states = new Map(subscription.tables.map((t) => [quoteQualified(t.schema, t.name), t.state]))
  const tables: VerifyTable[] = []
  const notCompared: NotCompared[] = []
  const wanted = ({ table: { schema, name } }: ScopedTable): boolean =>
    patterns.length === 0 || patterns.some((p) => matchesPattern(p, schema, name))
  for (const scoped of scope.tables.filter(wanted)) {
    const { schema, name } = scoped.table
    const table = quoteQualified(schema, name)
    const rowless = withoutStream(scoped, publisher === 'source')
    const state = states.get(table)
    if (rowless !== undefined) notCompared.push({ table, why: rowless, onPurpose: true })
    else if (state === 'ready') tables.push({ ...publishedTable(scoped), mode: 'stream' })
    else notCompared.push({ table, why: notStreaming(state), onPurpose: false })
  }
  return { tables, notCompared }
}

/** Why no changes of the table are meant to stream. */
function withoutStream({ table, route, because }: ScopedTable, beforeCutover: boolean): string | undefined {
  switch (route) {
    case 'replicate':
    case 'replicate-full':
      return undefined
    case 'copy-at-cutover': {
      const reason = because === undefined ? '' : ` (${because})`
      return beforeCutover
        ? `its rows are copied inside the pause of the cutover, and compared there${reason}`
        : `its rows were copied inside the pause of the cutover, and no changes of it stream back${reason}`
    }
    case 'none':
      if (table.kind === 'partitioned table') return 'its partitions hold the rows'
      return table.kind === 'table'
        ? 'scope.tables: only its structure moves'
        : `a ${table.kind} has no rows of its own`
  }
}

function notStreaming(state: string | undefined): string {
  return state === undefined
    ? 'the subscription does not carry it; belt plan shows what is missing'
    : `its initial copy has not ended (${state})`
}
