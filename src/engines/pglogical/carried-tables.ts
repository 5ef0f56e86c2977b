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
  const { target } = context
  const setAside = namesOf(target.subscriptionByName(context.names.forward.subscription)?.setAside ?? [])
  const forgotten = namesOf(forgottenTables(context))
  return tablesOfSet(context).filter(
    (t) =>
      isIn(setAside, t) ||
      isIn(forgotten, t) ||
      (t.schema !== BELT_SCHEMA && target.tableByName(t.schema, t.name) === undefined),
  )
}

/**
 * Tables that stand on the target and of which pglogical does not know that it has copied them: they were dropped there and
 * made again. Their changes are applied again, to whatever rows they have. One that was just added to the set is none of
 * them, nor one of a subscription that was made without a copy, which knows of no table.
 */
export function forgottenTables(context: MigrationContext): readonly QualifiedName[] {
  const { source, target, names } = context
  const subscription = target.subscriptionByName(names.forward.subscription)
  if (subscription === undefined || subscription.copiesNothing === true) return []
  const asked = (source.pglogical?.asked ?? []).filter((a) => a.slot === subscription.slotName)
  const known = namesOf([...subscription.tables, ...(subscription.setAside ?? []), ...asked])
  return tablesOfSet(context).filter(
    (t) => t.schema !== BELT_SCHEMA && !isIn(known, t) && target.tableByName(t.schema, t.name) !== undefined,
  )
}

/** Empty until the initial copy is done. */
function tablesOfSet(context: MigrationContext): readonly QualifiedName[] {
  const listed = setNamesThere(context, 'source').flatMap(
    (name) => context.source.replicationSetByName(name)?.tables ?? [],
  )
  if (listed.length === 0 || !hasCopied(context)) return []
  const there = namesOf(listed)
  return publishedTables(context).filter((t) => isIn(there, t))
}

function namesOf(tables: readonly QualifiedName[]): ReadonlySet<string> {
  return new Set(tables.map((t) => quoteQualified(t.schema, t.name)))
}

function isIn(names: ReadonlySet<string>, { schema, name }: QualifiedName): boolean {
  return names.has(quoteQualified(schema, name))
}

/**
 * Tables whose copy was made, or will be, while other changes stream. What another tool copied so before belt took it over is
 * left to the comparison before the cutover.
 */
export function copiedAlone(context: MigrationContext): readonly PublishedTable[] {
  const subscription = context.target.subscriptionByName(context.names.forward.subscription)
  if (subscription === undefined || !hasCopied(context)) return []
  const carried = new Map(subscription.tables.map((s) => [quoteQualified(s.schema, s.name), s]))
  return context.scope.tables
    .filter(isPublished)
    .map(publishedTable)
    .filter((t) => {
      const there = carried.get(quoteQualified(t.schema, t.name))
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
