import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'

/**
 * Schemas that stand on both sides and that everybody may use on the source alone. A right that is there by default is
 * in no dump, so nothing of the plan gives it to a schema of the target from which somebody took it.
 */
export function checkSchemaUsage({ source, target, scope }: MigrationContext): readonly Diagnostic[] {
  const inScope = new Set(scope.tables.map((t) => t.table.schema))
  return source.schemas
    .filter((s) => inScope.has(s.name) && s.usage.includes(''))
    .filter((s) => target.schemas.some((t) => t.name === s.name && !t.usage.includes('')))
    .map(({ name }) => ({
      severity: 'warning',
      code: 'schema-usage',
      side: 'target',
      subject: `schema ${quoteIdent(name)}`,
      message: `everybody may use schema ${quoteIdent(name)} on the source and not on the target: applications that count on it would be refused after cutover`,
      fix: `grant usage on schema ${quoteIdent(name)} to public;`,
    }))
}
