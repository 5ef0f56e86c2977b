import { expect, test } from 'vitest'
import { chunkRowsOf } from '../../../src/verify/rows/chunk-rows.js'
import type { Comparison } from '../../../src/verify/rows/comparison.js'

const of = (rowBytes: number): Comparison => ({ rowBytes }) as Comparison

test('a chunk holds about 32 MB, unless the spec says how many rows', () => {
  expect(chunkRowsOf(of(4_096), undefined, {})).toBe(8_192)
  expect(chunkRowsOf(of(10), undefined, {})).toBe(50_000)
  expect(chunkRowsOf(of(100_000_000), undefined, {})).toBe(100)
  expect(chunkRowsOf(of(10), 80_000, {})).toBe(80_000)
})

test('a limited chunk is no more than the limit lets through in a second, but never so small that it never ends', () => {
  expect(chunkRowsOf(of(50), undefined, { maxBytesPerSecond: 50_000 })).toBe(1_000)
  expect(chunkRowsOf(of(50), 80_000, { maxBytesPerSecond: 50_000_000, maxRowsPerSecond: 2_000 })).toBe(2_000)
  expect(chunkRowsOf(of(50), 200, { maxRowsPerSecond: 2_000 })).toBe(200)
  expect(chunkRowsOf(of(50), undefined, { maxBytesPerSecond: 1 })).toBe(100)
})
