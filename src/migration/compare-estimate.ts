/**
 * Rough time that comparing rows by hash takes, both sides at once: 40 MB/s of table, half of what two old cores did with
 * both servers on them, and a few milliseconds for each table.
 */
export function compareSeconds(bytes: number, tables: number): number {
  return bytes / BYTES_PER_SECOND + tables * 0.005
}

/** What can be compared in so many milliseconds, as bytes of one table. */
export function comparableBytes(ms: number): number {
  return Math.max(0, Math.round((ms / 1000 - 0.005) * BYTES_PER_SECOND))
}

const BYTES_PER_SECOND = 40_000_000
