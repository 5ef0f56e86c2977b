import { expect, test } from 'vitest'
import { killedLedger, told } from './support/killed-ledger.js'

/** Behind every action of each cutover and rollback; the three seeds together at all three points. */
test.each([1, 2, 3])('no commit is lost or doubled with belt killed behind every action (seed %i)', async (seed) => {
  const all = await killedLedger(seed, { kill: 'boundaries', handovers: 4, spec: { cutover: { max_pause: '30m' } } })
  told(seed, all)
  expect(all.missed).toEqual([])
  expect(all.givenUp).toBe(0)
})

test('nor with the state in the target (seed 4)', async () => {
  const spec = { cutover: { max_pause: '30m' }, state: { backend: 'postgres' } }
  const all = await killedLedger(4, { kill: 'boundaries', handovers: 2, spec })
  told(4, all)
  expect(all.missed).toEqual([])
})

/** Pauses so short that many a run finds them spent and takes the handover back, and is killed in that too. */
test.each([5, 6, 7, 8])('nor with belt killed at any moment and pauses given up in between (seed %i)', async (seed) => {
  const all = await killedLedger(seed, {
    kill: { moments: 12 },
    handovers: 3,
    spec: { cutover: { max_pause: '5s' } },
    longestWaitMs: 8_000,
  })
  told(seed, all)
  // A run that is let live long enough ends its handover; how many that are hangs on the machine.
  expect(all.kills).toBeGreaterThan(5)
})
