import { fingerprint } from '../../core/fingerprint.js'
import { chunkRowsOf } from './chunk-rows.js'
import type { Comparison } from './comparison.js'
import { sameDigest } from './digest.js'
import { digestsOf } from './digests-of.js'
import { exploreRange } from './explore-range.js'
import { Investigation } from './investigation.js'
import { keyOf } from './key-range.js'
import type { Key, KeyRange } from './key-range.js'
import { nthKey } from './range-sql.js'
import type { KeyRow } from './range-sql.js'
import type { RangeProgress } from './resume-token.js'
import type { SideSessions } from './side-sessions.js'
import type { RunContext, TableRun, Task } from './table-run.js'

interface Chunk {
  readonly range: KeyRange
  compared?: { readonly source: number; readonly target: number; readonly same: boolean }
}

/** Compares a table chunk by chunk in the order of its key; the chunks are cut on the source while others are compared. */
export function rangeRun(
  context: RunContext,
  comparison: Comparison,
  structure: readonly string[],
  begun: RangeProgress | undefined,
): TableRun {
  const of = identityOf(comparison)
  const resumed = begun?.of === of ? begun : undefined
  const chunkRows = chunkRowsOf(comparison, context.chunkRows, context.limits)
  let rows = resumed?.rows ?? { source: 0, target: 0 }
  let chunks = resumed?.chunks ?? 0
  /** What a later run goes on after: the gapless beginning that ends with a key. */
  let beginning = resumed
  const suspects: KeyRange[] = [...(resumed?.suspects ?? [])]
  /** Handed out and not yet part of the gapless beginning, in the order of the key. */
  const open: Chunk[] = []
  let after: Key | undefined = resumed?.after
  let cut = false
  let turn: Promise<unknown> = Promise.resolve()

  const cutNext = async (sessions: SideSessions): Promise<Task | undefined> => {
    if (cut) return undefined
    const statement = nthKey(comparison, { after, upTo: undefined }, chunkRows)
    const [found] = await sessions.read<KeyRow>('source', statement)
    const chunk: Chunk = { range: { after, upTo: found?.key } }
    after = found?.key
    cut = found === undefined
    open.push(chunk)
    return (worker) => compare(chunk, worker)
  }
  const compare = async (chunk: Chunk, sessions: SideSessions): Promise<void> => {
    const { source, target } = await digestsOf(context, comparison, chunk.range, sessions)
    chunk.compared = { source: source.rows, target: target.rows, same: sameDigest(source, target) }
    if (!chunk.compared.same) context.suspected(comparison.name)
    for (let [first] = open; first?.compared !== undefined; [first] = open) {
      open.shift()
      rows = { source: rows.source + first.compared.source, target: rows.target + first.compared.target }
      chunks += 1
      if (!first.compared.same) suspects.push(first.range)
      if (first.range.upTo !== undefined)
        beginning = { of, after: first.range.upTo, rows, chunks, suspects: [...suspects] }
    }
    context.meter.read(comparison.name, source.rows)
    await context.pace(Math.max(source.rows, target.rows), comparison.rowBytes)
  }
  return {
    comparison,
    take: async (sessions) => {
      const next = turn.then(() => cutNext(sessions))
      turn = next.catch(() => undefined)
      return next
    },
    finish: async (sessions) => {
      const investigation = new Investigation(context, comparison, sessions)
      if (suspects.length > 0) await context.following.reached(await context.following.mark())
      for (const range of suspects) await exploreRange(context, comparison, range, investigation, sessions)
      return investigation.result({ method: 'ranges', rows, chunks, suspectChunks: suspects.length }, structure)
    },
    progress: () => beginning,
  }
}

function identityOf(comparison: Comparison): string {
  const { source, target } = comparison.shapes
  return fingerprint([source.oid, target.oid, keyOf(comparison).columns.map((c) => [c.name, c.base])])
}
