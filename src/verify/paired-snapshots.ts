import type { Lsn } from '../core/lsn.js'
import { withConnection } from '../postgres/connect.js'
import type { Session } from '../postgres/session.js'
import { awaitNoWorker, readApplyPosition } from './apply-position.js'
import { readIdentities } from './paired-tables.js'
import type { TableIdentity } from './paired-tables.js'
import { readPendingChanges } from './pending-changes.js'
import type { PendingChange } from './pending-changes.js'
import type { PairingInput } from './verify-input.js'

/** One side, held still: any number of sessions may import its snapshot while the pairing lasts. */
export interface HeldSnapshot {
  /** For SET TRANSACTION SNAPSHOT. */
  readonly id: string
  /** By quoted name. */
  readonly tables: ReadonlyMap<string, TableIdentity>
}

/**
 * Both sides as they were at one position of the source's log: the source's snapshot is the target's plus `pending`.
 * Nothing is locked while it is held; old row versions are kept on both sides, as with any long query.
 */
export interface PairedSnapshots {
  readonly source: HeldSnapshot
  readonly target: HeldSnapshot
  /** The target's rows are those of the source up to here; undefined before the first streamed change. */
  readonly appliedTo: Lsn | undefined
  /** Where the source's log ended when its snapshot was taken. */
  readonly sourceLsn: string
  /** By quoted name: what the source's snapshot has beyond the target's; tables without a change are left out. */
  readonly pending: ReadonlyMap<string, PendingChange>
  /** How long apply stood still. */
  readonly pausedMs: number
}

/**
 * Stops apply between two transactions, takes a snapshot of each side, reads from the slot what lies between the two,
 * and lets apply go on before `use` begins. The application on the source is never stopped and waits for nothing.
 */
export async function withPairedSnapshots<Result>(
  input: PairingInput,
  signal: AbortSignal,
  use: (pair: PairedSnapshots) => Promise<Result>,
): Promise<Result> {
  const { source, target } = input.connections
  return withConnection(target, signal, (onTarget) =>
    withConnection(source, signal, (onSource) =>
      withConnection(source, signal, async (peeker) => {
        const started = performance.now()
        const pair = await whilePaused(input, () =>
          takePair(input, { source: onSource, target: onTarget, peeker }, signal),
        )
        const pausedMs = Math.round(performance.now() - started)
        // The snapshots end with these connections' transactions, which end with the connections.
        return use({ ...pair, pausedMs })
      }),
    ),
  )
}

async function whilePaused<Result>(input: PairingInput, work: () => Promise<Result>): Promise<Result> {
  try {
    await input.pause()
    return await work()
  } finally {
    await input.resume()
  }
}

interface PairingSessions {
  readonly source: Session
  readonly target: Session
  readonly peeker: Session
}

async function takePair(
  input: PairingInput,
  { source, target, peeker }: PairingSessions,
  signal: AbortSignal,
): Promise<Omit<PairedSnapshots, 'pausedMs'>> {
  const { subscription, slot, publications, tables, patienceMs = 60_000 } = input
  await awaitNoWorker(target, subscription, patienceMs, signal)
  // With apply stopped it cannot move between this look and the snapshot.
  const { appliedTo, copiedTo } = await readApplyPosition(target, subscription, tables)
  const onTarget = await hold(target, input)
  const onSource = await hold(source, input)
  const { visible } = await source.one<{ visible: string }>(
    'select pg_catalog.txid_current_snapshot()::text as visible',
  )
  const sourceLsn = await flushLog(peeker)
  const byOid = new Map([...onSource.tables].map(([name, { oid }]) => [oid, { name, lsn: copiedTo.get(name) }]))
  const copied = new Map([...byOid].flatMap(([oid, { lsn }]) => (lsn === undefined ? [] : [[oid, lsn] as const])))
  const wanted = { slot, publications, snapshot: visible, appliedTo, copiedTo: copied }
  const changes = await readPendingChanges(peeker, wanted, patienceMs, signal)
  const pending = [...changes].flatMap(([oid, change]) => {
    const table = byOid.get(oid)
    return table === undefined ? [] : [[table.name, change] as const]
  })
  return { source: onSource, target: onTarget, appliedTo, sourceLsn, pending: new Map(pending) }
}

async function hold(session: Session, input: PairingInput): Promise<HeldSnapshot> {
  await session.exec('begin isolation level repeatable read, read only')
  const { id } = await session.one<{ id: string }>('select pg_catalog.pg_export_snapshot() as id')
  return { id, tables: await readIdentities(session, input.tables) }
}

/**
 * A transaction that committed with synchronous_commit = off is visible before its log is on disk, and decoding reads no
 * further than the disk: so the log is flushed up to here, by the commit of a message that no subscription asks for.
 * `local`: the flush must not wait for standbys.
 */
async function flushLog(session: Session): Promise<string> {
  await session.query(`select pg_catalog.set_config('synchronous_commit', 'local', false)`)
  const { lsn } = await session.one<{ lsn: string }>(
    `select pg_catalog.pg_logical_emit_message(true, 'belt', '')::text as lsn`,
  )
  return lsn
}
