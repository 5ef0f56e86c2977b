import type { QualifiedName } from '../catalog/schema-script.js'
import type { PublishedTable, Subscription } from '../catalog/replication.js'
import { quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { openResyncs } from '../migration/open-resyncs.js'
import { BELT_SCHEMA } from '../migration/scope.js'
import { otherParts } from './parts.js'
import { publishedTables } from './published-tables.js'

const SHOWN = 8
const OPERATIONS = ['insert', 'update', 'delete', 'truncate'] as const

export interface KeptBack {
  readonly why: string
  /** That are to be copied anew, where nothing else is lost. */
  readonly tables?: readonly string[]
}

/** belt publishes tables whole, or the part that the spec names: what else was kept back of them is in no log any more. */
export function keptBack(context: MigrationContext, publisher: Side, subscription: Subscription): KeptBack | undefined {
  const catalog = context[publisher]
  const { side } = catalog
  const isPglogical = subscription.of === 'pglogical'
  const what = isPglogical ? 'replication set' : 'publication'
  const published = (isPglogical ? (catalog.pglogical?.sets ?? []) : catalog.publications).filter((p) =>
    subscription.publications.includes(p.name),
  )
  const lost = `is lost to subscription ${subscription.name}`
  const parts = otherThanWanted(
    context,
    publisher,
    published.flatMap((p) => p.tables),
    lost,
  )
  if (parts !== undefined) return parts
  for (const { name, operations } of published) {
    const missing = OPERATIONS.filter((o) => !operations.includes(o))
    if (missing.length > 0) {
      return {
        why: `${what} ${name} on the ${side} leaves out ${listed(missing)}, and what that keeps back ${lost}`,
      }
    }
  }
  const carried = carriedTables(context, publisher, subscription)
  const { publication } = publishedFrom(publisher, context.names)
  if (carried.length > 0 && !published.some((p) => p.name === publication)) {
    return { why: `${what} ${publication} is not there on the ${side} any more, and what changed since ${lost}` }
  }
  const listedNow = new Set(published.flatMap((p) => p.tables.map(qualified)))
  const gone = carried.filter((t) => !listedNow.has(t))
  if (gone.length === 0) return undefined
  const why = `${listed(gone)} ${are(gone)} not in ${what} ${publication} on the ${side} any more, and what changed there since ${lost}`
  return { why, tables: gone }
}

/** The same of a publication or set that nobody has subscribed to yet: the copy would bring what it lists. */
export function keptBackFromCopy(context: MigrationContext, publisher: Side): KeptBack | undefined {
  const { publication, subscription } = publishedFrom(publisher, context.names)
  const there =
    context[publisher].publicationByName(publication) ?? context[publisher].replicationSetByName(publication)
  return there && otherThanWanted(context, publisher, there.tables, `would be missing in subscription ${subscription}`)
}

function otherThanWanted(
  context: MigrationContext,
  publisher: Side,
  tables: readonly PublishedTable[],
  lost: string,
): KeptBack | undefined {
  const { narrowed, changed } = otherParts(context, publisher, tables)
  const tell = (names: readonly string[], how: string): string =>
    `${listed(names)} ${are(names)} published from the ${publisher} with ${how}, and what that keeps back ${lost}`
  if (narrowed.length > 0) return { why: tell(narrowed, 'a row filter or a column list') }
  if (changed.length === 0) return undefined
  return { why: tell(changed, 'another row filter or column list than the spec has'), tables: changed }
}

/**
 * Tables of the application that were copied or streamed and should stream on: added again they would stream from then
 * on, and no engine copies what its subscription holds for copied already. One that is taken out to be copied anew is
 * none of them; nor is one that the side which publishes has no more.
 */
function carriedTables(context: MigrationContext, publisher: Side, { tables }: Subscription): readonly string[] {
  const copied = new Set(tables.filter((t) => t.state !== 'initialize').map(qualified))
  const anew = new Set(openResyncs(context).map((r) => r.relation))
  return publishedTables(context)
    .filter((t) => t.schema !== BELT_SCHEMA && context[publisher].tableByName(t.schema, t.name) !== undefined)
    .map(qualified)
    .filter((t) => copied.has(t) && !anew.has(t))
}

function qualified({ schema, name }: QualifiedName): string {
  return quoteQualified(schema, name)
}

/** The first of them by name. */
function listed(names: readonly string[]): string {
  const more = names.length - SHOWN
  return more <= 1 ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${String(more)} more`
}

function are(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are'
}
