import { quoteQualified } from '../../core/quote.js'
import type { Comparison } from './comparison.js'
import { inRange, keyColumns, keyOf, keyTexts } from './key-range.js'
import type { Key, KeyRange } from './key-range.js'
import { hashes, rowBytes } from './row-hash.js'
import type { Seeds } from './row-hash.js'
import { Values } from './statement.js'
import type { Statement } from './statement.js'

/** ONLY: partitions and children are tables of their own. A row filter names columns without a table, or by the table's name. */
export function tableAsT({ schema, table, filter }: Comparison, sample = ''): string {
  const only = `only ${quoteQualified(schema, table)}`
  return filter === undefined
    ? `${only} as t ${sample}`.trimEnd()
    : `(select ctid, xmin, * from ${only} ${sample} where (${filter}\n)) as t`
}

/** DigestRow of the rows in the range. `offset 0` keeps the planner from making a row's bytes twice. */
export function digestRange(comparison: Comparison, seeds: Seeds, range: KeyRange): Statement {
  const values = new Values()
  const { one, other } = hashes('u.x', seeds)
  const text = `
    select pg_catalog.count(*)::text as rows, pg_catalog.sum(${one})::text as one, pg_catalog.sum(${other})::text as other
    from (
      select ${rowBytes(comparison)} as x from ${tableAsT(comparison)}
      where ${inRange(keyOf(comparison), range, values)} offset 0
    ) as u`
  return { text, values: values.list }
}

export interface KeyRow {
  readonly key: Key
}

/** The `nth` key of the range, if it has so many rows. */
export function nthKey(comparison: Comparison, range: KeyRange, nth: number): Statement {
  const values = new Values()
  const key = keyOf(comparison)
  const text = `
    select ${keyTexts(key)} as key from ${tableAsT(comparison)}
    where ${inRange(key, range, values)}
    order by ${keyColumns(key)} limit 1 offset ${nth - 1}`
  return { text, values: values.list }
}

/** Every `nth` key of the range. */
export function everyNthKey(comparison: Comparison, range: KeyRange, nth: number): Statement {
  const values = new Values()
  const key = keyOf(comparison)
  const text = `
    select u.key
    from (
      select ${keyTexts(key)} as key, pg_catalog.row_number() over (order by ${keyColumns(key)}) as nth
      from ${tableAsT(comparison)}
      where ${inRange(key, range, values)}
    ) as u
    where u.nth % ${nth} = 0
    order by u.nth`
  return { text, values: values.list }
}

/** A row by its key and hashes. */
export interface ListedRow extends KeyRow {
  readonly one: string
  readonly other: string
}

/** All rows of the range. */
export function listRange(comparison: Comparison, seeds: Seeds, range: KeyRange): Statement {
  const values = new Values()
  const key = keyOf(comparison)
  const { one, other } = hashes('u.x', seeds)
  const text = `
    select u.key, ${one}::text as one, ${other}::text as other
    from (
      select ${keyTexts(key)} as key, ${rowBytes(comparison)} as x from ${tableAsT(comparison)}
      where ${inRange(key, range, values)} offset 0
    ) as u`
  return { text, values: values.list }
}
