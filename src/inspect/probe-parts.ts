import type { Catalog } from '../catalog/catalog.js'
import type { PartProbe } from '../catalog/part-probe.js'
import { quoteIdent, quoteQualified } from '../core/quote.js'
import type { TablePart } from '../core/table-part.js'
import { readFilterShape } from './filter-shape.js'
import { SqlError } from '../postgres/server-error.js'
import type { Session } from '../postgres/session.js'

/** A domain's default stands with its type. */
const WITHOUT_DEFAULT = `
  select a.attname::text as name
  from pg_catalog.pg_attribute as a
  join pg_catalog.pg_type as t on t.oid = a.atttypid
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped and not a.attname::text = any ($2::text[])
    and (a.attnotnull or t.typnotnull) and not a.atthasdef and a.attidentity = '' and t.typdefault is null
  order by a.attnum`

/** Asks the source about every table that the spec wants a part of and that is there; reads no row. */
export async function probeParts(
  parts: Readonly<Record<string, TablePart>>,
  source: Pick<Catalog, 'tables'>,
  session: Session,
): Promise<readonly PartProbe[]> {
  const found: PartProbe[] = []
  const tables = new Map(source.tables.map((t) => [quoteQualified(t.schema, t.name), t]))
  for (const [relation, part] of Object.entries(parts)) {
    const table = tables.get(relation)
    if (table === undefined) continue
    const refused = part.filter === undefined ? undefined : await refusal(part.filter, table, session)
    const left =
      part.columns === undefined
        ? []
        : await session.query<{ name: string }>(WITHOUT_DEFAULT, [table.oid, part.columns])
    found.push({ relation, withoutDefault: left.map((c) => c.name), ...(refused === undefined ? {} : { refused }) })
  }
  return found
}

/** The filter is asked of a table with nothing but the key's columns: of others an UPDATE or DELETE carries no old values. */
async function refusal(
  filter: string,
  { schema, name, identityColumns }: Catalog['tables'][number],
  session: Session,
): Promise<string | undefined> {
  const { problem, functions } = await readFilterShape(filter)
  if (problem !== undefined) return problem
  const changing = functions.length === 0 ? [] : await session.query<{ name: string }>(NOT_IMMUTABLE, [functions])
  if (changing.length > 0) return `function ${changing.map((f) => f.name).join(', ')} is not immutable`
  const key = identityColumns.map(quoteIdent).join(', ')
  try {
    await session.query(
      `select from (select ${key} from only ${quoteQualified(schema, name)}) as ${quoteIdent(name)} where (${filter}\n) limit $1::int8`,
      [0],
    )
    return undefined
  } catch (error) {
    if (error instanceof SqlError && error.failureClass !== 'connection-lost') return error.message
    throw error
  }
}

/** Of functions that share a name, one is enough: which of them is called takes the types of its arguments to tell. */
const NOT_IMMUTABLE = `
  select distinct p.proname::text as name
  from pg_catalog.pg_proc as p
  where p.proname::text = any ($1::text[])
    and not exists (select from pg_catalog.pg_proc as i where i.proname = p.proname and i.provolatile = 'i')
  order by 1`
