import { partRecord, partsAsRecorded } from '../catalog/recorded-part.js'
import type { PublishedTable } from '../catalog/replication.js'
import type { Action } from '../actions/action.js'
import { canonicalJson } from '../core/fingerprint.js'
import { quoteLiteral, quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import { partText } from '../core/table-part.js'
import type { MigrationContext } from '../migration/context.js'
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
  const values = [lineage, partRecord(publisher), quoteQualified(schema, name)].map(quoteLiteral)
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

/** Compares what is published from a side with the spec, and with belt's record of what it has published. */
export function otherParts(context: MigrationContext, publisher: Side, published: readonly Listing[]): OtherParts {
  const wanted = new Map(
    setsOf(context, publisher).flatMap((set) =>
      set.tables.map((table) => [quoteQualified(table.schema, table.name), { table, set: set.name }] as const),
    ),
  )
  const isAsWanted = partsAsRecorded(context[publisher], context.names.lineage)
  const narrowed: string[] = []
  const changed: string[] = []
  for (const { name: set, tables } of published) {
    for (const found of tables) {
      const relation = quoteQualified(found.schema, found.name)
      const home = wanted.get(relation)
      // Of what is out of scope nothing is wanted.
      if (home === undefined) continue
      const isWhole = home.table.part === undefined && home.set === set
      if (isWhole && found.part !== undefined) narrowed.push(relation)
      else if (home.set !== set || !isAsWanted(home.table, found)) changed.push(relation)
    }
  }
  return { narrowed, changed }
}
