import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import { ALL_BLOCKS, digestBuckets } from './bucket-sql.js'
import type { Blocks, BucketRow } from './bucket-sql.js'
import type { Comparison } from './comparison.js'
import { add, digestOf, NOTHING, sameDigest } from './digest.js'
import type { Digest } from './digest.js'
import { exploreBuckets } from './explore-buckets.js'
import { Investigation } from './investigation.js'
import { lookBefore, writtenSince } from './moved-rows.js'
import type { Before } from './moved-rows.js'
import { onBoth } from './side-sessions.js'
import type { SideSessions } from './side-sessions.js'
import type { Suspect } from './suspect.js'
import type { RunContext, TableRun, Task } from './table-run.js'

/** TID range scans read a part of a heap without looking at the rest. */
const TID_RANGES_SINCE = 14
/** Rows of one such part: seconds, so that no snapshot is held for longer. */
const PART_ROWS = 1_000_000

/**
 * Compares a table as it lies, both sides summed up by buckets. Parts of one side are read in separate snapshots, and a row
 * that is updated meanwhile may move from a part that was not read yet to one that was. On one side alone that makes its
 * bucket differ, which is then looked into. On both, or where the other side lacks it, nothing would: so what was written
 * on the publisher since the first part is looked at as well, row by row. A row that nobody has written there lies where
 * it lay, and so was read; one that only the subscriber has is written by no change. Where that cannot be told (a table
 * without key), or too much was written, or the whole table was written anew, it is read at once on either side.
 */
export function bucketRun(context: RunContext, comparison: Comparison, structure: readonly string[]): TableRun {
  const count = bucketCount(comparison.rows)
  const sums: Readonly<Record<Side, Map<number, Digest>>> = { source: new Map(), target: new Map() }
  const read = { source: 0, target: 0 }
  const { streams, publisher } = context.following
  const queue =
    streams && comparison.key === undefined ? [{ source: ALL_BLOCKS, target: ALL_BLOCKS }] : parts(context, comparison)
  const inParts = SIDES.filter((side) => queue.filter((part) => part[side] !== undefined).length > 1)
  let before: Promise<ReadonlyMap<Side, Before>> | undefined
  const sumUp = async (side: Side, blocks: Blocks | undefined, sessions: SideSessions): Promise<number> => {
    let rows = 0
    if (blocks === undefined) return rows
    const statement = digestBuckets(comparison, context.seeds, count, blocks)
    for (const { bucket, ...row } of await sessions.scan<BucketRow>(side, statement)) {
      const digest = digestOf(row)
      sums[side].set(bucket, add(sums[side].get(bucket) ?? NOTHING, digest))
      rows += digest.rows
    }
    read[side] += rows
    return rows
  }
  const lookAtBoth = async (sessions: SideSessions): Promise<ReadonlyMap<Side, Before>> =>
    new Map(
      await Promise.all(inParts.map(async (side) => [side, await lookBefore(side, comparison, sessions)] as const)),
    )
  const compare = async (part: Part, sessions: SideSessions): Promise<void> => {
    await (before ??= lookAtBoth(sessions))
    const rows = await onBoth((side) => sumUp(side, part[side], sessions))
    context.meter.read(comparison.name, rows.source)
    await context.pace(Math.max(rows.source, rows.target), comparison.rowBytes)
  }
  /** What may have been read in no part; undefined where the parts tell nothing. */
  const slipped = async (sessions: SideSessions): Promise<readonly Suspect[] | undefined> => {
    if (inParts.length === 0) return []
    const first = await (before ??= lookAtBoth(sessions))
    for (const [side, { file }] of first) {
      if ((await lookBefore(side, comparison, sessions)).file !== file) return undefined
    }
    const published = first.get(publisher)
    return streams && published !== undefined ? writtenSince(publisher, published, comparison, sessions) : []
  }
  const readAtOnce = async (sessions: SideSessions): Promise<void> => {
    await onBoth((side) => {
      sums[side].clear()
      read[side] = 0
      return sumUp(side, ALL_BLOCKS, sessions)
    })
  }
  return {
    comparison,
    take: () => {
      const part = queue.shift()
      const task: Task | undefined = part && ((sessions) => compare(part, sessions))
      return Promise.resolve(task)
    },
    finish: async (sessions) => {
      const investigation = new Investigation(context, comparison, sessions)
      const moved = await slipped(sessions)
      if (moved === undefined) await readAtOnce(sessions)
      else if (moved.length > 0) {
        await context.following.reached(await context.following.mark())
        await investigation.suspect(moved)
      }
      const all = new Set([...sums.source.keys(), ...sums.target.keys()])
      const at = (side: Side, bucket: number): Digest => sums[side].get(bucket) ?? NOTHING
      const differing = [...all].filter((b) => !sameDigest(at('source', b), at('target', b)))
      if (differing.length > 0) {
        context.suspected(comparison.name)
        await context.following.reached(await context.following.mark())
        const rowsIn = (b: number): number => Math.max(at('source', b).rows, at('target', b).rows)
        await exploreBuckets(context, comparison, { count, buckets: differing, rowsIn }, investigation, sessions)
      }
      const counted = {
        method: 'buckets' as const,
        rows: { ...read },
        chunks: all.size,
        suspectChunks: differing.length,
      }
      return investigation.result(counted, structure)
    },
    progress: () => undefined,
  }
}

/** A power of two: buckets of about 500 rows; what both sides' sums take in memory stays below 10 MB. */
function bucketCount(rows: number): number {
  return 2 ** Math.min(14, Math.max(4, Math.ceil(Math.log2(Math.max(1, rows) / 500))))
}

/** Blocks of either side to be read at once; one side may have fewer parts. */
type Part = Readonly<Partial<Record<Side, Blocks>>>

function parts({ majors, chunkRows = PART_ROWS }: RunContext, { shapes, rowBytes }: Comparison): Part[] {
  const ofSide = (side: Side): readonly Blocks[] => {
    const { pages, bytes } = shapes[side]
    if (majors[side] < TID_RANGES_SINCE) return [ALL_BLOCKS]
    const step = Math.max(128, Math.floor((chunkRows * rowBytes * pages) / Math.max(1, bytes)))
    const cuts = Math.max(0, Math.ceil(pages / step) - 1)
    return Array.from({ length: cuts + 1 }, (_, nth) => {
      const from = nth === 0 ? undefined : nth * step
      return { from, to: nth === cuts ? undefined : (nth + 1) * step }
    })
  }
  const [source, target] = [ofSide('source'), ofSide('target')]
  return Array.from({ length: Math.max(source.length, target.length) }, (_, nth) => ({
    ...(source[nth] === undefined ? {} : { source: source[nth] }),
    ...(target[nth] === undefined ? {} : { target: target[nth] }),
  }))
}
