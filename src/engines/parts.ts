import type { PublishedTable } from '../catalog/replication.js'
import type { Action } from '../actions/action.js'
import { canonicalJson } from '../core/fingerprint.js'
import { quoteLiteral, quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import { isLikePart, partText } from '../core/table-part.js'
import type { TablePart } from '../core/table-part.js'
import type { MigrationContext } from '../migration/context.js'
import { partId, recordedPart } from '../migration/recorded-part.js'
import { setsOf } from './sets.js'

const SHOWN = 5

/** In parentheses that a comment at its end cannot swallow. */
export function conditionSql(filter: string): string {
  return filter.includes('--') ? `(${filter}\n)` : `(${filter})`
}

/**
 * Notes on the side that publishes what of the table it publishes, with the filter as `printed`, a query, finds it in the
 * catalog: neither can be told later from what somebody else puts there (rule 15).
 */
export function recordPartSql(
  lineage: string,
  publisher: Side,
  { schema, name, part }: PublishedTable,
  printed: string,
): readonly string[] {
  if (part === undefined) return []
  const values = [lineage, partId(publisher), quoteQualified(schema, name)].map(quoteLiteral)
  const before = `pg_catalog.jsonb_build_object('part', ${quoteLiteral(canonicalJson(part))}::jsonb, 'printed', (${printed}))`
  return [
    `insert into belt.record (lineage, action, object, before) values (${values.join(', ')}, ${before}) on conflict (lineage, action, object) do update set before = excluded.before, at = excluded.at`,
  ]
}

/** What the reader of a plan has to know of tables that do not travel whole. */
export function partNote(tables: readonly PublishedTable[]): Pick<Action, 'note'> {
  const parts = tables.flatMap(({ schema, name, part }) =>
    part === undefined ? [] : [`${quoteQualified(schema, name)} (${partText(part)})`],
  )
  if (parts.length === 0) return {}
  const more = parts.length > SHOWN ? ` and ${String(parts.length - SHOWN)} more` : ''
  return { note: `Only a part of ${parts.slice(0, SHOWN).join(', ')}${more}.` }
}

/** A publication or replication set as it stands. */
export interface Listing {
  readonly name: string
  readonly tables: readonly PublishedTable[]
}

/** Tables of which something else is published than the spec wants. */
export interface OtherParts {
  /** The spec wants them whole. */
  readonly narrowed: readonly string[]
  readonly changed: readonly string[]
}

/**
 * Compares what is published from a side with the spec, and with belt's record of what it has published: a server does
 * not keep the text of a filter, so a filter that was changed on either hand shows in the record alone.
 */
export function otherParts(context: MigrationContext, publisher: Side, published: readonly Listing[]): OtherParts {
  const wanted = new Map(
    setsOf(context, publisher).flatMap((set) =>
      set.tables.map((t) => [quoteQualified(t.schema, t.name), { part: t.part, set: set.name }] as const),
    ),
  )
  const catalog = context[publisher]
  const isAsRecorded = (relation: string, part: TablePart | undefined, found: TablePart | undefined): boolean => {
    if (catalog.records === undefined) return true
    const recorded = recordedPart(catalog, context.names.lineage, relation)
    return (
      recorded !== undefined &&
      canonicalJson(recorded.part) === canonicalJson(part) &&
      (recorded.printed ?? undefined) === found?.filter
    )
  }
  const narrowed: string[] = []
  const changed: string[] = []
  for (const { name: set, tables } of published) {
    for (const { schema, name, part: found } of tables) {
      const relation = quoteQualified(schema, name)
      const { part, set: home = set } = wanted.get(relation) ?? {}
      const isWhole = part === undefined && home === set
      if (isWhole && found !== undefined) narrowed.push(relation)
      else if (!isWhole && (home !== set || !isLikePart(part, found) || !isAsRecorded(relation, part, found)))
        changed.push(relation)
    }
  }
  return { narrowed, changed }
}
