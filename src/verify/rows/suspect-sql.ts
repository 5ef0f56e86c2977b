import { quoteIdent } from '../../core/quote.js'
import type { Comparison } from './comparison.js'
import { keyOf, sqlType } from './key-range.js'
import type { Key } from './key-range.js'
import { tableAsT } from './range-sql.js'
import { columnHashes, columnTexts, hashes, rowBytes } from './row-hash.js'
import type { Seeds } from './row-hash.js'
import { Values } from './statement.js'
import type { Statement } from './statement.js'

/** One row as it is found when a suspect is looked at. */
export interface FoundRow {
  /** Place and inserting transaction: a row that was touched meanwhile has another. */
  readonly version: string
  readonly one: string
  readonly other: string
  /** One hash for each compared column. */
  readonly columns: readonly string[]
  /** As printed, cut to 1,000 characters each; null when not asked for. */
  readonly texts: readonly (string | null)[] | null
}

export interface FoundByKey extends FoundRow {
  /** Which of the keys, from 1. */
  readonly nth: number
}

const VERSION = `t.ctid::text || '/' || t.xmin::text`

function details(comparison: Comparison, seeds: Seeds, texts: boolean): string {
  const shown = `(select pg_catalog.array_agg(pg_catalog.left(s.v, 1000) order by s.n)
      from pg_catalog.unnest(${columnTexts(comparison)}) with ordinality as s (v, n))`
  return `${VERSION} as version, ${columnHashes(comparison, seeds)} as columns, ${texts ? shown : 'null::text[]'} as texts`
}

/** FoundByKey of all rows with these keys, in one snapshot. */
export function findKeys(comparison: Comparison, seeds: Seeds, keys: readonly Key[], texts: boolean): Statement {
  const { columns } = keyOf(comparison)
  const values = new Values()
  const lists = columns.map(
    (_, nth) =>
      `pg_catalog.unnest(${values.add(
        keys.map((k) => k[nth] ?? null),
        'text[]',
      )})`,
  )
  const names = columns.map((_, nth) => `k${nth}`)
  const equal = columns.map((c, nth) => `t.${quoteIdent(c.name)} operator(${c.equality}) w.k${nth}::${sqlType(c)}`)
  const { one, other } = hashes('u.x', seeds)
  const text = `
    select w.nth::int4 as nth, ${one}::text as one, ${other}::text as other, ${details(comparison, seeds, texts)}
    from rows from (${lists.join(', ')}) with ordinality as w (${names.join(', ')}, nth)
    join ${tableAsT(comparison)} on ${equal.join(' and ')}
    cross join lateral (select ${rowBytes(comparison)} as x offset 0) as u`
  return { text, values: values.list }
}

/** FoundRow of all rows of a keyless table whose first hash is one of these, in one snapshot. */
export function findHashes(comparison: Comparison, seeds: Seeds, ones: readonly string[], texts: boolean): Statement {
  const values = new Values()
  const { one, other } = hashes('u.x', seeds)
  const text = `
    select ${one}::text as one, ${other}::text as other, ${details(comparison, seeds, texts)}
    from ${tableAsT(comparison)}
    cross join lateral (select ${rowBytes(comparison)} as x offset 0) as u
    where ${one} = any (${values.add(ones, 'int8[]')})`
  return { text, values: values.list }
}
