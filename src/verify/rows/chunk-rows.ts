import type { Comparison } from './comparison.js'
import type { PaceLimits } from './pace.js'

const CHUNK_BYTES = 32 * 1024 * 1024

/**
 * Rows of one statement: short enough to hold nobody up, long enough that its overhead does not count. A limit on the
 * pace makes them as few as it lets through in a second: what has to be slow shall also be even, and show progress.
 */
export function chunkRowsOf({ rowBytes }: Comparison, wanted: number | undefined, limits: PaceLimits): number {
  const { maxRowsPerSecond = Infinity, maxBytesPerSecond = Infinity } = limits
  const most = Math.max(100, Math.min(maxRowsPerSecond, maxBytesPerSecond / rowBytes))
  return Math.round(Math.min(most, wanted ?? Math.min(50_000, Math.max(100, CHUNK_BYTES / rowBytes))))
}

/** Rows that are listed with key and hash: what belt holds in memory, for each side. */
export const LISTED_ROWS = 5_000
