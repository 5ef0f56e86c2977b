import { sleep as pause } from '../../postgres/sleep.js'

export interface PaceLimits {
  readonly maxRowsPerSecond?: number | undefined
  readonly maxBytesPerSecond?: number | undefined
}

/** Call after reading: waits as long as the rows should have taken, for all workers together. */
export type Pace = (rows: number, rowBytes: number) => Promise<void>

export interface Clock {
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Keeps the average below the limits. Time that nobody used is not saved up, so a pause makes no burst. */
export function makePace(
  { maxRowsPerSecond, maxBytesPerSecond }: PaceLimits,
  signal: AbortSignal,
  { now, sleep }: Clock = { now: () => performance.now(), sleep: pause },
): Pace {
  let free = now()
  return async (rows, rowBytes) => {
    const byRows = maxRowsPerSecond === undefined ? 0 : (rows / maxRowsPerSecond) * 1000
    const byBytes = maxBytesPerSecond === undefined ? 0 : ((rows * rowBytes) / maxBytesPerSecond) * 1000
    const cost = Math.max(byRows, byBytes)
    if (cost === 0) return
    free = Math.max(free, now() - cost) + cost
    const wait = free - now()
    if (wait > 0) await sleep(wait, signal)
  }
}
