import { randomBytes } from 'node:crypto'
import type { Comparison } from './comparison.js'
import { canonicalValue } from './canonical-column.js'
import { quoteIdent } from '../../core/quote.js'

/** Drawn anew for each run, so that two rows which happen to collide in one run do not in the next. */
export type Seeds = readonly [string, string]

export function drawSeeds(): Seeds {
  const seed = (): string => randomBytes(8).readBigInt64LE().toString()
  return [seed(), seed()]
}

/**
 * 64 bits of a bytea, packed as an array's one element. Up to 17 no SQL function hashes bytea, but hash_array_extended hashes the one element of an array
 * (11+): Jenkins' lookup3 over the bytes, the same on all majors, because hash partitions rely on it.
 */
function hash(packed: string, seed: string): string {
  return `pg_catalog.hash_array_extended(${packed}, ${seed}::int8)`
}

/** Two hashes of what `rowBytes` made. */
export function hashes(packed: string, [one, other]: Seeds): { readonly one: string; readonly other: string } {
  return { one: hash(packed, literal(one)), other: hash(packed, literal(other)) }
}

/** `'-1'`: a bare -1::int8 would be read as -(1::int8), which 9223372036854775808 is too big for. */
function literal(seed: string): string {
  if (!/^-?\d+$/.test(seed)) throw new RangeError(`not a seed: ${seed}`)
  return `'${seed}'`
}

/**
 * All compared values of the row `t`, the key among them, as bytes: each with its length, NULL as length -1, so that no
 * two different rows give the same bytes (record_send; text in UTF-8, belt's client encoding). Packed for hashing.
 */
export function rowBytes({ columns }: Pick<Comparison, 'columns'>): string {
  return packed(columns.map((c) => c.value))
}

function packed(values: readonly string[]): string {
  return `array[pg_catalog.record_send(row(${values.join(', ')}))]`
}

/** The key of `t` as bytes. */
function keyBytes(comparison: Comparison, columns: readonly string[]): string {
  return packed(comparison.columns.filter((c) => columns.includes(c.name)).map((c) => c.value))
}

/** In which of `count` (a power of two) buckets the row `t` belongs, as int4. `x` names its bytes. */
export function bucketOf(comparison: Comparison, seeds: Seeds, count: number): string {
  const bytes =
    comparison.key === undefined
      ? 'u.x'
      : keyBytes(
          comparison,
          comparison.key.columns.map((c) => c.name),
        )
  return `(${hashes(bytes, seeds).one} & ${count - 1})::int4`
}

/** 64 bits for each compared column of `t`, in their order, as int8[]. */
export function columnHashes({ columns }: Comparison, [seed]: Seeds): string {
  const each = columns.map((c) => hash(packed([c.value]), literal(seed)))
  return each.length === 0 ? `'{}'::int8[]` : `array[${each.join(', ')}]`
}

/** The compared columns of `t` as text[], as they print. */
export function columnTexts({ columns }: Comparison): string {
  const each = columns.map((c) => {
    const reference = `t.${quoteIdent(c.name)}`
    return canonicalValue(reference, NO_TYPE, NO_TYPE)
  })
  return each.length === 0 ? `'{}'::text[]` : `array[${each.join(', ')}]`
}

/** Makes canonicalValue print rather than send. */
const NO_TYPE = { schema: '', name: '' } as const
