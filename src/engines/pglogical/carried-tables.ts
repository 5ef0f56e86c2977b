import type { PublishedTable } from '../../catalog/replication.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { quoteQualified } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { BELT_SCHEMA, publishedTable } from '../../migration/scope.js'
import { setNamesThere } from '../sets.js'
import { isPublished, publishedTables } from '../published-tables.js'

/**
 * Tables of the set that nothing would copy: pglogical forgets a table that is dropped on the subscriber, and has passed
 * over it when it is made again. Those set aside were so by an earlier run.
 */
export function uncarriedTables(context: MigrationContext): readonly QualifiedName[] {
  const { source, target, names } = context
  const subscription = target.subscriptionByName(names.forward.subscription)
  const listed = setNamesThere(context, 'source').flatMap((name) => source.replicationSetByName(name)?.tables ?? [])
  if (subscription === undefined || !hasCopied(context)) return []
  const isIn = (list: readonly QualifiedName[], t: QualifiedName): boolean =>
    list.some((l) => l.schema === t.schema && l.name === t.name)
  return publishedTables(context).filter(
    (t) =>
      isIn(listed, t) &&
      (isIn(subscription.setAside ?? [], t) ||
        (t.schema !== BELT_SCHEMA && target.tableByName(t.schema, t.name) === undefined)),
  )
}

/**
 * Tables whose copy was made, or will be, while other changes stream. What another tool copied so before belt took it over is
 * left to the comparison before the cutover.
 */
export function copiedAlone(context: MigrationContext): readonly PublishedTable[] {
  const subscription = context.target.subscriptionByName(context.names.forward.subscription)
  if (subscription === undefined || !hasCopied(context)) return []
  return context.scope.tables
    .filter(isPublished)
    .map(publishedTable)
    .filter((t) => {
      const there = subscription.tables.find((s) => s.schema === t.schema && s.name === t.name)
      return (
        there === undefined || (there.alone === true && (context.names.adopted !== true || wasResynced(context, t)))
      )
    })
}

function wasResynced({ target, names }: MigrationContext, { schema, name }: QualifiedName): boolean {
  const end = `.${quoteQualified(schema, name)}`
  return (target.records ?? []).some(
    (r) => r.lineage === names.lineage && r.action.startsWith('resync-begun.') && r.action.endsWith(end),
  )
}

/** The initial copy is noted table by table once all of it is done. */
function hasCopied({ target, names }: MigrationContext): boolean {
  const subscription = target.subscriptionByName(names.forward.subscription)
  return (
    subscription?.copyBegun !== true && (subscription?.copiesNothing === true || (subscription?.tables.length ?? 0) > 0)
  )
}
