import type { QualifiedName } from '../catalog/schema-script.js'
import type { Subscription } from '../catalog/replication.js'
import { quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { openResyncs } from '../migration/open-resyncs.js'
import { BELT_SCHEMA } from '../migration/scope.js'
import { publishedTables } from './published-tables.js'

const SHOWN = 8
const OPERATIONS = ['insert', 'update', 'delete', 'truncate'] as const

export interface KeptBack {
  readonly why: string
  /** That are to be copied anew, where nothing else is lost. */
  readonly tables?: readonly string[]
}

/** belt publishes whole tables: what somebody has kept back of them since is in no log any more. */
export function keptBack(context: MigrationContext, publisher: Side, subscription: Subscription): KeptBack | undefined {
  const catalog = context[publisher]
  const { side } = catalog
  const isPglogical = subscription.of === 'pglogical'
  const what = isPglogical ? 'replication set' : 'publication'
  const published = (isPglogical ? (catalog.pglogical?.sets ?? []) : catalog.publications).filter((p) =>
    subscription.publications.includes(p.name),
  )
  const lost = `is lost to subscription ${subscription.name}`
  const narrowed = published.flatMap((p) => p.tables.filter((t) => t.narrowed === true)).map(qualified)
  if (narrowed.length > 0) {
    return {
      why: `${listed(narrowed)} ${are(narrowed)} published from the ${side} with a row filter or a column list, and what that keeps back ${lost}`,
    }
  }
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
