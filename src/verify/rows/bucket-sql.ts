import type { Comparison } from './comparison.js'
import type { DigestRow } from './digest.js'
import { keyTexts } from './key-range.js'
import { tableAsT } from './range-sql.js'
import type { ListedRow } from './range-sql.js'
import { bucketOf, hashes, rowBytes } from './row-hash.js'
import type { Seeds } from './row-hash.js'
import { Values } from './statement.js'
import type { Statement } from './statement.js'

/** Blocks of the heap from `from` to below `to`; open where undefined. Needs TID range scans: 14+. */
export interface Blocks {
  readonly from: number | undefined
  readonly to: number | undefined
}

export const ALL_BLOCKS: Blocks = { from: undefined, to: undefined }

function inBlocks({ from, to }: Blocks): string {
  const bounds = [
    ...(from === undefined ? [] : [`t.ctid >= '(${from},0)'::tid`]),
    ...(to === undefined ? [] : [`t.ctid < '(${to},0)'::tid`]),
    'true',
  ]
  return bounds.join(' and ')
}

/** A keyless table's bucket comes from the row's bytes, `u.x`; otherwise from the key, inside. */
function placed(
  comparison: Comparison,
  seeds: Seeds,
  count: number,
): { readonly inside: string; readonly bucket: string } {
  const bucket = bucketOf(comparison, seeds, count)
  return comparison.key === undefined ? { inside: '0', bucket } : { inside: bucket, bucket: 'u.b' }
}

export interface BucketRow extends DigestRow {
  readonly bucket: number
}

/** One BucketRow for each bucket that has rows in these blocks. */
export function digestBuckets(comparison: Comparison, seeds: Seeds, count: number, blocks: Blocks): Statement {
  const { inside, bucket } = placed(comparison, seeds, count)
  const { one, other } = hashes('u.x', seeds)
  const text = `
    select ${bucket} as bucket,
      pg_catalog.count(*)::text as rows, pg_catalog.sum(${one})::text as one, pg_catalog.sum(${other})::text as other
    from (
      select ${inside} as b, ${rowBytes(comparison)} as x from ${tableAsT(comparison)} where ${inBlocks(blocks)} offset 0
    ) as u
    group by 1`
  return { text, values: [] }
}

/** All rows of the buckets of a table with a key. */
export function listBuckets(
  comparison: Comparison,
  seeds: Seeds,
  count: number,
  buckets: readonly number[],
): Statement {
  const { key } = comparison
  if (key === undefined) throw new RangeError(`${comparison.name} has no key`)
  const values = new Values()
  const { one, other } = hashes('u.x', seeds)
  const text = `
    select u.key, ${one}::text as one, ${other}::text as other
    from (
      select ${keyTexts(key)} as key, ${rowBytes(comparison)} as x from ${tableAsT(comparison)}
      where ${bucketOf(comparison, seeds, count)} = any (${values.add(buckets, 'int4[]')}) offset 0
    ) as u`
  return { text, values: values.list }
}

/** Equal rows of a keyless table. */
export interface CopiesRow extends Pick<ListedRow, 'one' | 'other'> {
  readonly copies: string
}

/** What a keyless table has in these buckets, equal rows together. */
export function listCopies(comparison: Comparison, seeds: Seeds, count: number, buckets: readonly number[]): Statement {
  const values = new Values()
  const { one, other } = hashes('u.x', seeds)
  const text = `
    select w.one::text as one, w.other::text as other, pg_catalog.count(*)::text as copies
    from (
      select ${one} as one, ${other} as other
      from (select ${rowBytes(comparison)} as x from ${tableAsT(comparison)} offset 0) as u offset 0
    ) as w
    where (w.one & ${count - 1})::int4 = any (${values.add(buckets, 'int4[]')})
    group by 1, 2`
  return { text, values: values.list }
}
