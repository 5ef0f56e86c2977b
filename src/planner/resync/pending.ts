import { actionId } from '../../actions/base.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import type { Resynced } from '../../engines/resynced.js'
import { parseQualified } from '../../core/qualified-name.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { begunResyncs, emptiedId, openResyncs } from '../../migration/open-resyncs.js'

/**
 * The tables asked for, those that nothing else would copy, and those whose resync an earlier run has begun and not brought to where they are empty: only a
 * resync can go on from there, for nothing carries them and they hold old rows. Numbered, so that the records of an earlier
 * resync do not stand for this one.
 */
export function tablesToResync(
  context: MigrationContext,
  asked: readonly QualifiedName[],
  uncarried: readonly QualifiedName[],
): readonly Resynced[] {
  const next = Math.max(0, ...begunResyncs(context).map((b) => b.number)) + 1
  const wanted = new Map(asked.map((t) => [quoteQualified(t.schema, t.name), next]))
  for (const t of uncarried) wanted.set(quoteQualified(t.schema, t.name), next)
  for (const { number, relation } of openResyncs(context)) wanted.set(relation, number)
  return [...wanted].sort().flatMap(([relation, number]) => {
    const table = parseQualified(relation)
    return table === undefined ? [] : [resynced(context, { schema: table.schema, name: table.name }, relation, number)]
  })
}

function resynced(context: MigrationContext, table: QualifiedName, relation: string, number: number): Resynced {
  return {
    ...table,
    begun: actionId('resync-begun', String(number), relation),
    emptied: emptiedId(number, relation),
    referenced: isReferenced(context, table),
    missing: context.target.tableByName(table.schema, table.name) === undefined,
  }
}

/** By a foreign key of another table, to itself or to a table that it is a part of. */
function isReferenced({ target }: MigrationContext, table: QualifiedName): boolean {
  const above = [table]
  for (const t of above) above.push(...(target.tableByName(t.schema, t.name)?.parents ?? []))
  const names = new Set(above.map((t) => quoteQualified(t.schema, t.name)))
  const own = quoteQualified(table.schema, table.name)
  return target.constraints.some(
    (c) =>
      c.references !== undefined &&
      quoteQualified(c.schema, c.table) !== own &&
      names.has(quoteQualified(c.references.schema, c.references.name)),
  )
}
