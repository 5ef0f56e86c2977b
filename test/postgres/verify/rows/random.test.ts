import { expect, test } from 'vitest'
import { compareRandomTables } from './random.js'

test.each([
  [13, 17],
  [15, 18],
] as const)('what is found in random tables from %i to %i is what reading row by row finds', async (from, to) => {
  expect(await compareRandomTables(from, to, { seed: 20_261_122, tables: 250 })).toBeGreaterThan(100)
})
