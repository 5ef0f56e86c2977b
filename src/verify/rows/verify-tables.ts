import { setMaxListeners } from 'node:events'
import { BeltError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import { withConnection } from '../../postgres/connect.js'
import type { Session } from '../../postgres/session.js'
import { bucketRun } from './bucket-run.js'
import { pairTable } from './comparison.js'
import type { Comparison } from './comparison.js'
import { AT_REST, follow } from './following.js'
import { readLsn } from './lsn-span.js'
import { makePace } from './pace.js'
import { makeMeter } from './progress.js'
import { rangeRun } from './range-run.js'
import { readShapes } from './read-shapes.js'
import type { ResumeToken } from './resume-token.js'
import { drawSeeds } from './row-hash.js'
import { runTables, unknownTable } from './run-tables.js'
import { checkSameHash } from './same-hash.js'
import { sampleRun } from './sample-run.js'
import { withSideSessions } from './side-sessions.js'
import type { RunContext, TableRun } from './table-run.js'
import type { VerifyInput, VerifyTable } from './verify-input.js'
import { readUnreadyTables } from './unready-tables.js'
import { verdictOf } from './verify-result.js'
import type { TableResult, VerifyResult } from './verify-result.js'

/**
 * Compares the rows of the tables on both sides: every row, or a sample. Reads only (while changes stream it also writes
 * messages into the publisher's log that nobody subscribes to), in statements of seconds; only hashes, counts and keys
 * travel. A difference is reported only if it is one at a single position of the log, so there are no false alarms while
 * changes stream, and a difference that was there when its chunk was read is found.
 *
 * Throws what belongs to no single table: lost connections, `aborted`, `slot-missing`, `hash-differs`.
 */
export async function verifyTables(input: VerifyInput, stop: AbortSignal): Promise<VerifyResult> {
  // Each connection and each running statement listens; many jobs are no leak.
  const signal = AbortSignal.any([stop])
  setMaxListeners(0, signal)
  const streaming = input.tables.some((t) => t.mode === 'stream') ? input.streaming : undefined
  if (input.tables.some((t) => t.mode === 'stream') && streaming === undefined) {
    throw new BeltError(
      'streaming-missing',
      'tables that changes stream to cannot be compared without the slot they come from',
    )
  }
  const started = performance.now()
  const { connections } = input
  return withConnection(connections.source, signal, (source) =>
    withConnection(connections.target, signal, async (target) => {
      const from = { source: await readLsn(source), target: await readLsn(target) }
      const [publisher, subscriber] = streaming?.publisher === 'target' ? [target, source] : [source, target]
      const tables = await compareAll(input, { source, target, publisher, subscriber }, signal)
      const to = { source: await readLsn(source), target: await readLsn(target) }
      return {
        verdict: verdictOf(tables.map((t) => t.verdict)),
        tables,
        lsn: { source: { from: from.source, to: to.source }, target: { from: from.target, to: to.target } },
        durationMs: Math.round(performance.now() - started),
      }
    }),
  )
}

async function compareAll(
  input: VerifyInput,
  control: Readonly<Record<'source' | 'target' | 'publisher' | 'subscriber', Session>>,
  signal: AbortSignal,
): Promise<readonly TableResult[]> {
  const shapes = {
    source: await readShapes(control.source, input.tables),
    target: await readShapes(control.target, input.tables),
  }
  const done = new Map(Object.entries(input.resume?.done ?? {}))
  const results = new Map<string, TableResult>(done)
  const paired = input.tables
    .filter((t) => !done.has(nameOf(t)))
    .map((table) => ({ table, ...pairTable(table, shapes.source, shapes.target) }))
  const meter = makeMeter(
    { tables: paired.length, rows: paired.reduce((sum, p) => sum + rowsToRead(p.comparison, input), 0) },
    input.onProgress ?? (() => undefined),
  )
  const { patienceMs = 60_000, jobs = 2 } = input
  const moving =
    input.streaming === undefined
      ? AT_REST
      : follow(control.publisher, input.streaming, { stallMs: patienceMs }, signal)
  const context: Omit<RunContext, 'following'> = {
    seeds: drawSeeds(),
    jobs,
    chunkRows: input.chunkRows,
    maxDifferences: input.maxDifferences ?? 100,
    showValues: input.showValues ?? false,
    patienceMs,
    limits: input,
    pace: makePace(input, signal),
    meter,
    signal,
    suspected: input.onSuspect ?? (() => undefined),
    majors: { source: shapes.source.major, target: shapes.target.major },
  }
  const unready =
    input.streaming === undefined
      ? new Set<string>()
      : await readUnreadyTables(control.subscriber, input.streaming.slot)
  const runs: TableRun[] = []
  for (const { table, comparison, structure, unable } of paired) {
    const name = nameOf(table)
    if (comparison === undefined) {
      const result = unknownTable(name, unable ?? structure.join('; '))
      results.set(name, unable === undefined ? { ...result, verdict: 'different', structure } : result)
      meter.finished(name)
      continue
    }
    if (table.mode === 'stream' && unready.has(name)) {
      results.set(name, unknownTable(name, 'its initial copy has not ended'))
      meter.finished(name)
      continue
    }
    const full: RunContext = { ...context, following: table.mode === 'stream' ? moving : AT_REST }
    const sample = sampleOf(comparison, input)
    if (sample !== undefined) {
      runs.push(sampleRun(full, comparison, structure, sample))
    } else if (comparison.method === 'ranges') {
      runs.push(rangeRun(full, comparison, structure, input.resume?.begun[name]))
    } else {
      runs.push(bucketRun(full, comparison, structure))
    }
  }
  runs.sort((a, b) => weight(b) - weight(a))
  const token = (): ResumeToken => tokenOf(results, runs)
  const limits = { statementTimeoutMs: input.statementTimeoutMs ?? 600_000 }
  let checked: Promise<void> | undefined
  await runTables(
    runs,
    jobs,
    (use) =>
      withSideSessions(input.connections, limits, signal, async (sessions) => {
        checked ??= checkSameHash(sessions)
        await checked
        await use(sessions)
      }),
    ({ run, result }) => {
      results.set(run.comparison.name, result)
      meter.finished(run.comparison.name)
      input.onToken?.(token)
    },
    () => input.onToken?.(token),
  )
  return input.tables.flatMap((t) => results.get(nameOf(t)) ?? [])
}

/** An estimate; what an earlier run compared of a table is not read again. */
/** How many rows are picked on each side; undefined for a table that is compared whole. */
function sampleOf({ key, rows }: Comparison, { depth }: VerifyInput): number | undefined {
  const sample = typeof depth === 'object' ? depth.sample : undefined
  return sample !== undefined && key !== undefined && rows > 2 * sample ? sample : undefined
}

/** An estimate; of a sample the rows that both sides pick. */
function rowsToRead(comparison: Comparison | undefined, input: VerifyInput): number {
  if (comparison === undefined) return 0
  const { resume } = input
  const sample = sampleOf(comparison, input)
  if (sample !== undefined) return 2 * sample
  return Math.max(0, comparison.rows - (resume?.begun[comparison.name]?.rows.source ?? 0))
}

function weight({ comparison }: TableRun): number {
  return comparison.rows * comparison.rowBytes
}

function tokenOf(results: ReadonlyMap<string, TableResult>, runs: readonly TableRun[]): ResumeToken {
  const begun = runs
    .filter((run) => !results.has(run.comparison.name))
    .flatMap((run) => {
      const progress = run.progress()
      return progress === undefined ? [] : [[run.comparison.name, progress] as const]
    })
  const done = [...results].filter(([, result]) => result.verdict !== 'unknown')
  return { version: 1, done: Object.fromEntries(done), begun: Object.fromEntries(begun) }
}

function nameOf(t: VerifyTable): string {
  return quoteQualified(t.schema, t.name)
}
