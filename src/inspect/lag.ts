import type { Session } from '../postgres/session.js'

/** How far the subscriber of a slot is behind its publisher. */
export interface Lag {
  /** Bytes from the position the subscriber has confirmed as flushed to the end of the log (pg_current_wal_insert_lsn). */
  readonly bytes: number
  /** A walsender serves the slot now. */
  readonly active: boolean
  readonly confirmedFlushLsn: string | undefined
  /** Where the log ended when this was read. */
  readonly currentLsn: string
  /** wal_status (13+): reserved, extended, unreserved, lost. */
  readonly walStatus: string | undefined
}

interface LagRow {
  readonly bytes: number | null
  readonly active: boolean
  readonly confirmed: string | null
  readonly current: string
  readonly wal_status: string | null
}

/** A slot that has confirmed nothing yet is behind by all the log it retains. */
const LAG = `
  select
    pg_catalog.pg_wal_lsn_diff(p.lsn, coalesce(s.confirmed_flush_lsn, s.restart_lsn))::float8 as bytes,
    s.active as active,
    s.confirmed_flush_lsn::text as confirmed,
    p.lsn::text as current,
    pg_catalog.to_jsonb(s) ->> 'wal_status' as wal_status
  from pg_catalog.pg_replication_slots as s
  cross join (select pg_catalog.pg_current_wal_insert_lsn() as lsn) as p
  where s.slot_name = $1::name`

/** Lag of a slot, read on the server that publishes; undefined when there is no such slot. Not for standbys. */
export async function readLag(session: Session, slotName: string): Promise<Lag | undefined> {
  const [row] = await session.query<LagRow>(LAG, [slotName])
  if (row === undefined) return undefined
  return {
    bytes: Math.max(row.bytes ?? 0, 0),
    active: row.active,
    confirmedFlushLsn: row.confirmed ?? undefined,
    currentLsn: row.current,
    walStatus: row.wal_status ?? undefined,
  }
}
