import type { QualifiedName } from '../catalog/schema-script.js'
import type { Subscription } from '../catalog/replication.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { publishedFrom } from '../migration/direction.js'
import { openResyncs } from '../migration/open-resyncs.js'
import { BELT_SCHEMA } from '../migration/scope.js'
import { otherParts } from './parts.js'
import type { Listing } from './parts.js'
import { publishedTables } from './published-tables.js'
import { setsOf } from './sets.js'

const SHOWN = 8

export interface KeptBack {
  readonly why: string
  /** That are to be copied anew, where nothing else is lost. */
  readonly tables?: readonly string[]
  /** Where nothing is lost yet. */
  readonly fix?: string
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
  const parts = otherThanWanted(context, publisher, published, lost)
  if (parts !== undefined) return parts
  const wanted = setsOf(context, publisher)
  for (const set of published) {
    const { name, operations } = set
    const own = wanted.find((w) => w.name === name)
    if (own === undefined) continue
    const missing = own.operations.filter((o) => !operations.includes(o))
    if (missing.length > 0) {
      return {
        why: `${what} ${name} on the ${side} leaves out ${listed(missing)}, and what that keeps back ${lost}`,
      }
    }
    const added = operations.filter((o) => !own.operations.includes(o))
    if (added.length > 0) {
      return {
        why: `${what} ${name} on the ${side} carries ${listed(added)} too, which would reach rows on the other side that are no part of what moves`,
        fix: isPglogical
          ? `select pglogical.alter_replication_set(${[quoteLiteral(name), ...added.map((o) => `replicate_${o} := false`)].join(', ')});`
          : `alter publication ${quoteIdent(name)} set (publish = '${own.operations.join(', ')}');`,
      }
    }
    const whole = isPglogical ? undefined : catalog.publicationByName(name)?.schemas
    if (whole !== undefined) {
      const schemas = whole.map(quoteIdent).join(', ')
      return {
        why: `${what} ${name} on the ${side} publishes whole schemas (${schemas}) too, with tables that move in part or not at all`,
        fix: `alter publication ${quoteIdent(name)} drop tables in schema ${schemas};`,
      }
    }
  }
  const carried = carriedTables(context, publisher, subscription)
  const isThere = (name: string): boolean => published.some((p) => p.name === name)
  const away = wanted.find((set) => !isThere(set.name) && set.tables.some((t) => carried.includes(qualified(t))))
  if (away !== undefined) {
    return { why: `${what} ${away.name} is not there on the ${side} any more, and what changed since ${lost}` }
  }
  const listedNow = new Set(published.flatMap((p) => p.tables.map(qualified)))
  const gone = carried.filter((t) => !listedNow.has(t))
  if (gone.length === 0) return undefined
  const why = `${listed(gone)} ${are(gone)} not in ${what} ${publishedFrom(publisher, context.names).publication} on the ${side} any more, and what changed there since ${lost}`
  return { why, tables: gone }
}

function otherThanWanted(
  context: MigrationContext,
  publisher: Side,
  sets: readonly Listing[],
  lost: string,
): KeptBack | undefined {
  const { narrowed, changed } = otherParts(context, publisher, sets)
  const tell = (names: readonly string[], how: string): string =>
    `${listed(names)} ${are(names)} published from the ${publisher} with ${how}, and what that keeps back ${lost}`
  if (narrowed.length > 0) return { why: tell(narrowed, 'a row filter or a column list') }
  if (changed.length === 0) return undefined
  return { why: tell(changed, 'another row filter, column list or kinds of change than the spec has'), tables: changed }
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
