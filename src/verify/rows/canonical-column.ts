import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { ColumnShape, TypeName } from './side-shape.js'

/**
 * Built-in types whose binary output says the same as their text output, no more and no less, on 12 to 18, and that cost
 * less to send than to print. Not here: floats (NaN has many bit patterns and one text: see below), arrays (their header
 * may or may not say "may hold NULL"; and they name element types by OID), reg* types (OIDs), bit strings, geometry.
 */
const BINARY: ReadonlySet<string> = new Set([
  ...['bool', 'int2', 'int4', 'int8', 'oid', 'numeric', 'text', 'bpchar', 'char', 'name', 'bytea', 'uuid', 'pg_lsn'],
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'json', 'jsonb', 'macaddr', 'macaddr8'],
])

const FLOATS: ReadonlySet<string> = new Set(['float4', 'float8'])

/**
 * The value of a column as an SQL expression whose binary output is equal on both sides exactly when the values print
 * the same, whatever the majors, the encodings and the OIDs of the two servers. `reference` is the column as SQL text.
 *
 * What prints the same is equal because text is what replication and COPY carry: so 1.0 differs from 1.00, -0 from 0 and
 * json by its spaces, while xml is equal when only its encoding declaration differs, which xml_out leaves out.
 */
export function canonicalValue(reference: string, source: TypeName, target: TypeName): string {
  const [one, other] = [bareType(source), bareType(target)]
  if (one !== undefined && one === other) {
    if (BINARY.has(one)) return `${reference}::${quoteQualified('pg_catalog', one)}`
    if (FLOATS.has(one)) {
      return `case when ${reference} = 'NaN'::${one} then 'NaN'::${one} else ${reference}::pg_catalog.${one} end`
    }
  }
  // concat() calls output functions, never a cast that somebody defined; num_nulls() takes a row of NULLs for not NULL.
  return `case when pg_catalog.num_nulls(${reference}) = 0 then pg_catalog.concat(${reference}) end`
}

/** pg_type's name of a built-in type, varchar being text. */
function bareType(type: TypeName): string | undefined {
  if (type.schema !== 'pg_catalog') return undefined
  return type.name === 'varchar' ? 'text' : type.name
}

export interface ComparedColumn {
  readonly name: string
  /** Over a table called `t`. */
  readonly value: string
}

export function comparedColumn(source: ColumnShape, target: ColumnShape): ComparedColumn {
  return { name: source.name, value: canonicalValue(`t.${quoteIdent(source.name)}`, source.base, target.base) }
}
