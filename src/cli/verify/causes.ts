import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'

const WORDS = { always: 'ALWAYS', replica: 'REPLICA' } as const

/**
 * The user's own triggers that fire for rows that replication writes on the side that is fed: what they change or write
 * there the other side does not have. One on any table may write to any other.
 */
export function causesOfDifferences(context: MigrationContext, publisher: Side): readonly string[] {
  const fed = otherSide(publisher)
  return context[fed].triggers.flatMap(({ schema, table, name, enabled, inherited }): readonly string[] => {
    if (enabled !== 'always' && enabled !== 'replica') return []
    if (inherited === true || context.scope.routeOf(schema, table) === undefined) return []
    const relation = quoteQualified(schema, table)
    return [
      `trigger ${quoteIdent(name)} of ${relation} on the ${fed} fires for replicated rows (ENABLE ${WORDS[enabled]}), and what it writes is there alone: alter table ${relation} disable trigger ${quoteIdent(name)}`,
    ]
  })
}
