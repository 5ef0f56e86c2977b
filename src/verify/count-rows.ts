import type { PublishedTable } from '../catalog/replication.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import { quoteLiteral, quoteQualified } from '../core/quote.js'
import type { Side } from '../core/side.js'
import { withConnection } from '../postgres/connect.js'
import type { Session } from '../postgres/session.js'
import type { HeldSnapshot, PairedSnapshots } from './paired-snapshots.js'
import type { PairingInput } from './verify-input.js'

/** Rows of one table on both sides at one position of the source's log. */
export interface TableCount {
  readonly table: string
  readonly source: number
  readonly target: number
  /** Rows that the target had still to gain, by the log. */
  readonly delta: number
  /** The log truncates the table: of the target's rows none counts, only `delta`, and `target` is 0. */
  readonly truncated: boolean
  readonly equal: boolean
}

export interface Counted {
  readonly counts: readonly TableCount[]
  /** Truncated or rewritten while they were being counted, which snapshots do not outlast: to be counted again. */
  readonly unsettled: readonly QualifiedName[]
}

export interface CountOptions {
  readonly jobs: number
  readonly onTable?: (finished: number) => void
}

/** Counts all tables in both snapshots, `jobs` tables at once, biggest first. */
export async function countInPair(
  input: Pick<PairingInput, 'connections' | 'tables'>,
  pair: PairedSnapshots,
  options: CountOptions,
  signal: AbortSignal,
): Promise<Counted> {
  const pages = (t: QualifiedName): number => pair.source.tables.get(quoteQualified(t.schema, t.name))?.pages ?? 0
  const queue = [...input.tables].sort((a, b) => pages(b) - pages(a))
  const counts: TableCount[] = []
  const unsettled: QualifiedName[] = []
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const worker = async (): Promise<void> =>
    withConnection(input.connections.source, either, (source) =>
      withConnection(input.connections.target, either, async (target) => {
        for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
          const count = await countTable(table, pair, { source, target })
          if (count === undefined) unsettled.push(table)
          else counts.push(count)
          options.onTable?.(counts.length + unsettled.length)
        }
      }),
    )
  const workers = Array.from({ length: Math.max(1, Math.min(options.jobs, queue.length)) }, worker)
  await Promise.all(
    workers.map((w) =>
      w.catch((error: unknown) => {
        failed.abort(error)
        throw error
      }),
    ),
  ).finally(() => Promise.allSettled(workers))
  const order = new Map(input.tables.map((t, index) => [quoteQualified(t.schema, t.name), index]))
  return { counts: counts.sort((a, b) => (order.get(a.table) ?? 0) - (order.get(b.table) ?? 0)), unsettled }
}

async function countTable(
  table: PublishedTable,
  pair: PairedSnapshots,
  sessions: Readonly<Record<Side, Session>>,
): Promise<TableCount | undefined> {
  const name = quoteQualified(table.schema, table.name)
  const { delta = 0n, truncated = false } = pair.pending.get(name) ?? {}
  // What a truncate will remove does not matter, and apply may have removed it by now.
  const onTarget = truncated ? Promise.resolve(0n) : countHeld(sessions.target, pair.target, name)
  const [source, target] = await Promise.all([
    countHeld(sessions.source, pair.source, name, table.part?.filter),
    onTarget,
  ])
  if (source === undefined || target === undefined) return undefined
  const equal = source === target + delta
  return { table: name, source: Number(source), target: Number(target), delta: Number(delta), truncated, equal }
}

/**
 * One table in its own short transaction on the held snapshot, so that its lock (ACCESS SHARE, as any SELECT's) is
 * gone as soon as it is counted; of the source the rows that move. undefined: its file is another one than the snapshot's. ONLY: children count by themselves.
 */
async function countHeld(
  session: Session,
  held: HeldSnapshot,
  name: string,
  filter?: string,
): Promise<bigint | undefined> {
  const identity = held.tables.get(name)
  if (identity === undefined) throw new RangeError(`not a table of this snapshot: ${name}`)
  await session.exec('begin isolation level repeatable read, read only')
  try {
    await session.exec(`set transaction snapshot ${quoteLiteral(held.id)}`)
    const where = filter === undefined ? '' : ` where (${filter}\n)`
    const { rows } = await session.one<{ rows: string }>(
      `select pg_catalog.count(*)::text as rows from only ${name}${where}`,
    )
    // Sees the present file, not the snapshot's; while our lock is held nobody can change it.
    const { file } = await session.one<{ file: number | null }>(
      'select pg_catalog.pg_relation_filenode($1::oid::regclass)::oid as file',
      [identity.oid],
    )
    return file === identity.file ? BigInt(rows) : undefined
  } finally {
    await session.rollback()
  }
}
