/**
 * What a set of rows comes to: how many, and two sums of 64-bit hashes of whole rows, the key included.
 *
 * Sums, because they do not depend on the order of the rows and add up over parts of a table. They are sound here because
 * what is summed are hashes of the whole row: a value that moves from one row to another changes both rows' hashes by
 * unrelated amounts. (Sums of column hashes, or of row hashes that are themselves sums, would not notice.) Two different
 * sets with equal digests need both sums of differences, 64 bits each under seeds of its own, to be zero modulo 2^64:
 * one chance in 2^128 for accidents. XOR would not do: a row that is there twice cancels itself out, so a pair of equal
 * rows could come or go in a table without key.
 */
export interface Digest {
  readonly rows: number
  readonly one: bigint
  readonly other: bigint
}

/** As a statement gives it; the sums are null when there is no row. */
export interface DigestRow {
  readonly rows: string
  readonly one: string | null
  readonly other: string | null
}

export const NOTHING: Digest = { rows: 0, one: 0n, other: 0n }

/** The server sums without overflow (in numeric); the bits that count are the lower 64. */
export function digestOf({ rows, one, other }: DigestRow): Digest {
  return {
    rows: Number(rows),
    one: BigInt.asUintN(64, BigInt(one ?? 0)),
    other: BigInt.asUintN(64, BigInt(other ?? 0)),
  }
}

export function add(a: Digest, b: Digest): Digest {
  return {
    rows: a.rows + b.rows,
    one: BigInt.asUintN(64, a.one + b.one),
    other: BigInt.asUintN(64, a.other + b.other),
  }
}

export function sameDigest(a: Digest, b: Digest): boolean {
  return a.rows === b.rows && a.one === b.one && a.other === b.other
}
