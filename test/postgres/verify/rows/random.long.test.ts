import { expect, test } from 'vitest'
import { compareRandomTables } from './random.js'

test.each([
  [12, 18],
  [13, 17],
  [14, 16],
  [18, 15],
] as const)(
  'what is found in thousands of random tables from %i to %i is what reading row by row finds',
  async (from, to) => {
    let differences = 0
    for (let seed = 1; seed <= 8; seed += 1) differences += await compareRandomTables(from, to, { seed, tables: 250 })
    expect(differences).toBeGreaterThan(1_000)
  },
)
