import type { PublishedTable } from '../../catalog/replication.js'
import { fingerprint } from '../../core/fingerprint.js'
import { withConnection } from '../../postgres/connect.js'
import { readLsn } from '../rows/lsn-span.js'
import type { Streaming, VerifyInput } from '../rows/verify-input.js'
import type { VerifyResult } from '../rows/verify-result.js'
import { verifyTables } from '../rows/verify-tables.js'
import { readBegun, removeBegun } from './progress-file.js'
import type { BegunComparison } from './progress-file.js'
import { progressWriter } from './progress-writer.js'
import { readStreamIdentity } from './stream-identity.js'

/** Where a comparison notes how far it has come, and what of an earlier one's notes may be used. */
export interface Resumption {
  readonly file: string
  /** Milliseconds after which what was compared is too old to go on from. */
  readonly maxAgeMs: number
  /** What was begun before this, ISO 8601, is not gone on with either: rows were found to differ then. */
  readonly notBefore?: string | undefined
  /** Begin again whatever stands in the file. */
  readonly afresh: boolean
  readonly onResume?: (resumed: Resumed) => void
}

export interface Resumed {
  /** When the comparison began, ISO 8601. */
  readonly begunAt: string
  /** Finished and found equal then, and begun. */
  readonly tablesDone: number
  readonly tablesBegun: number
}

export interface StreamInput extends Pick<
  VerifyInput,
  'connections' | 'depth' | 'jobs' | 'chunkRows' | 'maxBytesPerSecond' | 'maxDifferences' | 'showValues' | 'onProgress'
> {
  readonly tables: readonly PublishedTable[]
  readonly streaming: Streaming
  /** Only a comparison of every row can be gone on with. */
  readonly resumption?: Resumption
}

export interface StreamCompared {
  /** Positions and duration over all the runs it took. */
  readonly rows: VerifyResult
  /** When the first of its runs began, ISO 8601: everything it says was so at this time or later. */
  readonly begunAt: string
  /** See readStreamIdentity. */
  readonly stream: string
  /** To be called once the result is kept elsewhere. */
  readonly forget: () => Promise<void>
}

/**
 * Compares rows while changes stream, as verifyTables does, and notes how far it has come in a file, so that a run that
 * was stopped or killed is gone on with. Throws what verifyTables throws.
 */
export async function compareStream(input: StreamInput, signal: AbortSignal): Promise<StreamCompared> {
  const { streaming, resumption, tables, connections, depth = 'full', ...rest } = input
  const { from, stream } = await lookAtBoth(input, signal)
  const of = fingerprint([stream, streaming.publisher, depth])
  const file = depth === 'full' ? resumption?.file : undefined
  const found = file === undefined || resumption?.afresh === true ? undefined : await readBegun(file, of)
  const now = new Date()
  const before = found !== undefined && mayGoOn(found.begunAt, now, resumption) ? found : undefined
  if (before !== undefined) resumption?.onResume?.(resumedFrom(before))
  const begun = { of, begunAt: before?.begunAt ?? now.toISOString(), from: before?.from ?? from }
  const writer = file === undefined ? undefined : progressWriter(file, begun, before?.spentMs ?? 0)
  const rows = await verifyTables(
    {
      ...rest,
      connections,
      depth,
      streaming,
      tables: tables.map((table) => ({ ...table, mode: 'stream' })),
      ...(before === undefined ? {} : { resume: before.token }),
      ...(writer === undefined ? {} : { onToken: writer.note }),
    },
    signal,
  ).finally(() => writer?.flush())
  const { source, target } = rows.lsn
  return {
    rows: {
      ...rows,
      lsn: { source: { ...source, from: begun.from.source }, target: { ...target, from: begun.from.target } },
      durationMs: rows.durationMs + (before?.spentMs ?? 0),
    },
    begunAt: begun.begunAt,
    stream,
    forget: async () => {
      if (file !== undefined) await removeBegun(file)
    },
  }
}

/** Begun in the future, by a clock that was put back since, it would never be too old. */
function mayGoOn(begunAt: string, now: Date, resumption: Resumption | undefined): boolean {
  const ageMs = now.getTime() - Date.parse(begunAt)
  return ageMs >= 0 && ageMs <= (resumption?.maxAgeMs ?? 0) && begunAt >= (resumption?.notBefore ?? '')
}

function resumedFrom({ begunAt, token }: BegunComparison): Resumed {
  return { begunAt, tablesDone: Object.keys(token.done).length, tablesBegun: Object.keys(token.begun).length }
}

async function lookAtBoth(
  { connections, streaming, tables }: StreamInput,
  signal: AbortSignal,
): Promise<{ readonly from: BegunComparison['from']; readonly stream: string }> {
  return withConnection(connections.source, signal, (source) =>
    withConnection(connections.target, signal, async (target) => {
      const [publisher, subscriber] = streaming.publisher === 'source' ? [source, target] : [target, source]
      const stream = await readStreamIdentity({ publisher, subscriber }, streaming.slot, tables)
      return { stream, from: { source: await readLsn(source), target: await readLsn(target) } }
    }),
  )
}
