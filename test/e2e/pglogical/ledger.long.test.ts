import { expect, test } from 'vitest'
import { ledgerLife } from '../handover/support/ledger-life.js'
import { withPglogical, type DebianMajor } from '../../support/debian.js'

/** The way back is pglogical's for 13 to 15 and 17 to 18, and Postgres' own for the others. */
const PAIRS: readonly (readonly [from: DebianMajor, to: DebianMajor])[] = [
  [15, 17],
  [13, 15],
  [13, 17],
  [17, 18],
]

test.each(PAIRS)('with pglogical from %i to %i every commit a client was told of is there once', async (from, to) => {
  const on = { from: await withPglogical(from), to: await withPglogical(to), engine: 'pglogical' } as const
  const { commits, pausesMs } = await ledgerLife(from + to, on)
  expect(commits).toBeGreaterThan(150)
  expect(pausesMs).toHaveLength(3)
})
