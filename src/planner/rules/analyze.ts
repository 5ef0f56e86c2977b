import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { AnalyzeTables } from '../../actions/analyze-tables.js'
import { objectKey } from '../../catalog/object-key.js'
import { counted } from '../../core/counted.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'

const TABLES_PER_STATEMENT = 100

/** Statistics for every table whose rows were copied: without them the first queries after cutover plan blindly. */
export function analyzeAction(context: MigrationContext, after: readonly ActionId[]): AnalyzeTables {
  const tables = context.scope.tables
    .filter((t) => t.route === 'replicate' || t.route === 'replicate-full')
    .map(({ table }) => ({ schema: table.schema, name: table.name }))
    .filter((t) => !context.marks.has(analyzedMark(t.schema, t.name)))
  const sql: string[] = []
  for (let from = 0; from < tables.length; from += TABLES_PER_STATEMENT) {
    const list = tables.slice(from, from + TABLES_PER_STATEMENT).map((t) => quoteQualified(t.schema, t.name))
    sql.push(`analyze ${list.join(', ')}`)
  }
  return {
    ...NOTHING_SPECIAL,
    kind: 'analyze-tables',
    id: actionId('analyze', 'target'),
    side: 'target',
    phase: 'build',
    operation: 'run',
    title: `analyze ${counted(tables.length, 'table')}`,
    sql,
    transaction: 'none',
    after,
    tables,
    marks: tables.map((t) => analyzedMark(t.schema, t.name)),
  }
}

function analyzedMark(schema: string, name: string): string {
  return `analyzed ${objectKey('table', schema, name)}`
}
