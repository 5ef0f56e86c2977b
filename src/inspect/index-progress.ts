import type { Session } from '../postgres/session.js'

/** One running CREATE INDEX or REINDEX of this database, as pg_stat_progress_create_index (12+) shows it. */
export interface IndexProgress {
  /** The backend that builds it. */
  readonly pid: number
  readonly schema: string
  readonly table: string
  /** Unknown while a CREATE INDEX without CONCURRENTLY is not committed: tell those apart by pid. */
  readonly index: string | undefined
  /** e.g. CREATE INDEX CONCURRENTLY. */
  readonly command: string
  /** The server's words, e.g. `building index: scanning table`. */
  readonly phase: string
  /** Of the phase; 0 of 0 where the phase does not count them. */
  readonly blocksDone: number
  readonly blocksTotal: number
  readonly tuplesDone: number
  readonly tuplesTotal: number
  /** In the waiting phases of CONCURRENTLY: sessions waited for, and which one now. */
  readonly lockersDone: number
  readonly lockersTotal: number
  readonly currentLockerPid: number | undefined
}

interface ProgressRow extends Omit<IndexProgress, 'index' | 'currentLockerPid'> {
  readonly index: string | null
  readonly currentLockerPid: number | null
}

/** Fields are null for other users' backends without pg_read_all_stats; such a row is of no use and left out. */
const PROGRESS = `
  select
    p.pid::int4 as pid,
    n.nspname::text as schema,
    c.relname::text as "table",
    x.relname::text as index,
    p.command as command,
    p.phase as phase,
    p.blocks_done::float8 as "blocksDone",
    p.blocks_total::float8 as "blocksTotal",
    p.tuples_done::float8 as "tuplesDone",
    p.tuples_total::float8 as "tuplesTotal",
    p.lockers_done::float8 as "lockersDone",
    p.lockers_total::float8 as "lockersTotal",
    nullif(p.current_locker_pid, 0)::int4 as "currentLockerPid"
  from pg_catalog.pg_stat_progress_create_index as p
  join pg_catalog.pg_class as c on c.oid = p.relid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  left join pg_catalog.pg_class as x on x.oid = p.index_relid
  where p.datname = pg_catalog.current_database() and p.phase is not null
  order by p.pid`

/** Index builds of the session's database that are under way, belt's or anybody's. */
export async function readIndexProgress(session: Session): Promise<readonly IndexProgress[]> {
  const rows = await session.query<ProgressRow>(PROGRESS)
  return rows.map((row) => ({
    ...row,
    index: row.index ?? undefined,
    currentLockerPid: row.currentLockerPid ?? undefined,
  }))
}
