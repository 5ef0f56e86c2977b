import { expect, test } from 'vitest'
import { withPglogical } from '../../support/debian.js'
import { killedLedger, told } from '../handover/support/killed-ledger.js'

/** The way back is pglogical's from 15 to 13, and Postgres' own from 17 to 15. Three seeds are all three points. */
const CAMPAIGNS = [1, 2, 3].flatMap((seed) => [
  { seed, from: 13, to: 15 } as const,
  { seed, from: 15, to: 17 } as const,
])

test.each(CAMPAIGNS)(
  'with pglogical from $from to $to no commit is lost or doubled with belt killed behind every action (seed $seed)',
  async ({ seed, from, to }) => {
    const all = await killedLedger(seed, {
      kill: 'boundaries',
      handovers: 2,
      engine: 'pglogical',
      from: await withPglogical(from),
      to: await withPglogical(to),
      spec: { cutover: { max_pause: '30m' } },
    })
    told(seed, all)
    expect(all.missed).toEqual([])
    expect(all.givenUp).toBe(0)
  },
)

test.each([
  { seed: 5, from: 13, to: 15 },
  { seed: 6, from: 15, to: 17 },
] as const)(
  'with pglogical from $from to $to nor with belt killed at any moment and pauses given up in between (seed $seed)',
  async ({ seed, from, to }) => {
    const all = await killedLedger(seed, {
      kill: { moments: 12 },
      handovers: 3,
      engine: 'pglogical',
      from: await withPglogical(from),
      to: await withPglogical(to),
      spec: { cutover: { max_pause: '6s' } },
      longestWaitMs: 8_000,
    })
    told(seed, all)
    expect(all.kills).toBeGreaterThan(5)
  },
)
