import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import { add, digestOf, NOTHING, sameDigest } from '../../../src/verify/rows/digest.js'
import type { Digest } from '../../../src/verify/rows/digest.js'

const HASH = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const ROW = fc.tuple(HASH, HASH)

function sumOf(rows: readonly (readonly [bigint, bigint])[]): Digest {
  const sum = (nth: 0 | 1): string | null =>
    rows.length === 0 ? null : rows.reduce((s, row) => s + row[nth], 0n).toString()
  return digestOf({ rows: String(rows.length), one: sum(0), other: sum(1) })
}

test('parts add up to the whole, in any order, whatever the sign and size of the sums', () => {
  fc.assert(
    fc.property(fc.array(ROW), fc.array(ROW), (some, others) => {
      expect(add(sumOf(some), sumOf(others))).toEqual(sumOf([...others, ...some]))
      expect(add(NOTHING, sumOf(some))).toEqual(sumOf(some))
    }),
  )
})

test('a row that is there twice more does not cancel itself out', () => {
  fc.assert(
    fc.property(fc.array(ROW), ROW, (rows, row) => {
      expect(sameDigest(sumOf(rows), sumOf([...rows, row, row]))).toBe(false)
    }),
  )
})
