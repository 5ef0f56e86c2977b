import { expect, test } from 'vitest'
import { makePace } from '../../../src/verify/rows/pace.js'
import { makeMeter } from '../../../src/verify/rows/progress.js'
import type { VerifyProgress } from '../../../src/verify/rows/progress.js'

const signal = new AbortController().signal

/** When the last of so many chunks may be followed by the next one, should nothing but the pace take time. */
async function secondsFor(limits: Parameters<typeof makePace>[0], chunks: number): Promise<number> {
  let longest = 0
  const sleep = (ms: number): Promise<void> => Promise.resolve(void (longest = Math.max(longest, ms)))
  const pace = makePace(limits, signal, { now: () => 0, sleep })
  await Promise.all(Array.from({ length: chunks }, () => pace(100, 1_000)))
  return longest / 1000
}

test('the stricter of the two limits holds for all workers together', async () => {
  expect(await secondsFor({}, 100)).toBe(0)
  const byRows = await secondsFor({ maxRowsPerSecond: 2_000, maxBytesPerSecond: 100_000_000 }, 10)
  const byBytes = await secondsFor({ maxRowsPerSecond: 1_000_000, maxBytesPerSecond: 2_000_000 }, 10)
  for (const seconds of [byRows, byBytes]) expect(seconds).toBeCloseTo(0.5, 6)
})

test('a waiting worker stops when asked to', async () => {
  const stop = new AbortController()
  const waiting = makePace({ maxRowsPerSecond: 1 }, stop.signal)
  await waiting(1, 1).catch(() => undefined)
  const second = waiting(1_000, 1)
  stop.abort()
  await expect(second).rejects.toMatchObject({ code: 'aborted' })
})

test('the estimate follows a change of speed and never promises more rows than there are', () => {
  let at = 0
  const seen: VerifyProgress[] = []
  const meter = makeMeter(
    { tables: 1, rows: 100_000 },
    (p) => seen.push(p),
    () => at,
  )
  for (let second = 0; second < 60; second += 1) {
    at += 1_000
    meter.read('t', second < 30 ? 1_000 : 100)
  }
  const last = seen.at(-1)
  expect(last?.rows.done).toBe(33_000)
  expect(last?.rowsPerSecond).toBeLessThan(200)
  expect(last?.etaSeconds).toBeGreaterThan(300)
  meter.read('t', 500_000)
  expect(seen.at(-1)?.rows).toEqual({ done: 533_000, total: 533_000 })
  expect(seen.at(-1)?.etaSeconds).toBe(0)
})
