import type { Side } from '../../core/side.js'
import { chunkRowsOf } from './chunk-rows.js'
import type { Comparison } from './comparison.js'
import { Investigation } from './investigation.js'
import { keyOf, keyTexts } from './key-range.js'
import type { Key } from './key-range.js'
import { sameContents } from './proof.js'
import { tableAsT } from './range-sql.js'
import type { KeyRow } from './range-sql.js'
import { onBoth } from './side-sessions.js'
import type { SideSessions } from './side-sessions.js'
import type { Statement } from './statement.js'
import { lookAt } from './suspect.js'
import type { Suspect } from './suspect.js'
import type { RunContext, TableRun } from './table-run.js'

/** Keys of random rows. Random blocks are read, as many as rows are wanted, so that neighbours are rarely both picked. */
function sampleKeys(comparison: Comparison, wanted: number, side: Side): Statement {
  const { rows, pages } = comparison.shapes[side]
  // The target holds what fits the filter, and little else.
  const fitting = comparison.filter === undefined ? rows : Math.min(rows, comparison.shapes.target.rows)
  const share = rows === 0 ? 1 : fitting / rows
  const part = Math.max((4 * wanted) / Math.max(1, fitting), wanted / Math.max(1, pages * share))
  const percent = Math.min(100, Math.max(0.001, 100 * part))
  const text = `
    select ${keyTexts(keyOf(comparison))} as key
    from ${tableAsT(comparison, `tablesample pg_catalog.system (${percent.toFixed(3)}::float4)`)}
    order by pg_catalog.random() limit ${wanted}`
  return { text, values: [] }
}

/** Compares random rows of a table with a key: so many of the source's, and so many of the target's, which finds extra ones. */
export function sampleRun(
  context: RunContext,
  comparison: Comparison,
  structure: readonly string[],
  wanted: number,
): TableRun {
  const rows = { source: 0, target: 0 }
  const differing: Suspect[] = []
  let chunks = 0
  let taken = false
  const compare = async (sessions: SideSessions): Promise<void> => {
    const picked = await onBoth((side) => sessions.scan<KeyRow>(side, sampleKeys(comparison, wanted, side)))
    const keys = new Map<string, Key>()
    for (const { key } of [...picked.source, ...picked.target]) keys.set(JSON.stringify(key), key)
    const suspects = [...keys.values()].map((key): Suspect => ({ kind: 'key', key }))
    const finder = { comparison, seeds: context.seeds, sessions, showValues: false }
    const size = Math.min(1_000, chunkRowsOf(comparison, context.chunkRows, context.limits))
    for (let from = 0; from < suspects.length; from += size) {
      const batch = suspects.slice(from, from + size)
      const looks = await onBoth((side) => lookAt(finder, side, batch))
      const unequal = batch.filter((s) => !sameContents(looks.source.get(s) ?? [], looks.target.get(s) ?? []))
      for (const side of ['source', 'target'] as const) {
        for (const look of looks[side].values()) rows[side] += look.length
      }
      differing.push(...unequal)
      chunks += batch.length
      context.meter.read(comparison.name, batch.length)
      await context.pace(batch.length, comparison.rowBytes)
    }
  }
  return {
    comparison,
    take: () => {
      const task = taken ? undefined : compare
      taken = true
      return Promise.resolve(task)
    },
    finish: async (sessions) => {
      const investigation = new Investigation(context, comparison, sessions)
      await investigation.suspect(differing)
      return investigation.result({ method: 'sample', rows, chunks, suspectChunks: differing.length }, structure)
    },
    progress: () => undefined,
  }
}
