import { activityText } from './activity-text.js'
import { applicationPrefix, LOOK_PREFIX } from './application-name.js'
import { SecretRegistry } from './redact.js'
import type { Session } from './session.js'
import { sleep } from './sleep.js'

/** A server process that an earlier run of the migration left behind: killing belt does not stop its statement. */
export interface Orphan {
  readonly pid: number
  /** With the pid, the identity of the process: a later one may get the same number. */
  readonly startedAt: string
  readonly applicationName: string
  readonly user: string | null
  readonly database: string | null
  readonly state: string | null
  readonly queryAgeMs: number | null
  readonly waitEvent: string | null
  /** Redacted and cut to 80 characters. */
  readonly query: string | null
  /** The statement in full, redacted, to be compared with a planned one. */
  readonly statement: string | null
  readonly indexBuild: IndexBuild | null
}

/** From pg_stat_progress_create_index (12 on). */
export interface IndexBuild {
  /** As regclass text, schema included. Null while the index has no catalog entry yet, or in another database. */
  readonly index: string | null
  readonly table: string | null
  readonly command: string
  readonly phase: string
  readonly blocksDone: number
  readonly blocksTotal: number
}

/**
 * Sessions of this migration's earlier runs in this database, those of commands that only look left out;
 * `ownApplicationName` is the present run's. Another database of the server may have a migration of the same name.
 */
export async function findOrphans(
  session: Session,
  migration: string,
  ownApplicationName: string,
  secrets: SecretRegistry = new SecretRegistry(),
): Promise<readonly Orphan[]> {
  const rows = await session.query<Omit<Orphan, 'query'>>(
    `select
       a.pid::int4 as pid,
       a.backend_start::text as "startedAt",
       a.application_name as "applicationName",
       a.usename::text as "user",
       a.datname::text as database,
       a.state,
       (extract(epoch from pg_catalog.clock_timestamp() - a.query_start) * 1000)::float8 as "queryAgeMs",
       a.wait_event_type || '/' || a.wait_event as "waitEvent",
       a.query as statement,
       case when p.pid is not null then pg_catalog.json_build_object(
         'index', case when p.datname = pg_catalog.current_database() then nullif(p.index_relid, 0)::regclass::text end,
         'table', case when p.datname = pg_catalog.current_database() then nullif(p.relid, 0)::regclass::text end,
         'command', p.command,
         'phase', p.phase,
         'blocksDone', p.blocks_done,
         'blocksTotal', p.blocks_total
       ) end as "indexBuild"
     from pg_catalog.pg_stat_activity as a
     left join pg_catalog.pg_stat_progress_create_index as p on p.pid = a.pid
     where pg_catalog.starts_with(a.application_name, $1::text)
       and a.application_name <> $2::text
       and not pg_catalog.starts_with(a.application_name, $1::text || $3::text)
       and a.datname = pg_catalog.current_database()
       and a.backend_type = 'client backend'
     order by a.backend_start, a.pid`,
    [applicationPrefix(migration), ownApplicationName, LOOK_PREFIX],
  )
  return rows.map((row) => ({
    ...row,
    query: activityText(row.statement, secrets),
    statement: row.statement === null ? null : secrets.redact(row.statement),
  }))
}

export interface WaitForOrphansOptions {
  /** 500 ms. */
  readonly pollMs?: number
  /** Called after each look with those still there. */
  readonly onProgress?: (orphans: readonly Orphan[]) => void
}

/** Returns when no orphan is left; idle ones count too, for they may hold locks. */
export async function waitForOrphans(
  session: Session,
  migration: string,
  ownApplicationName: string,
  signal: AbortSignal,
  options: WaitForOrphansOptions = {},
): Promise<void> {
  for (;;) {
    const left = await findOrphans(session, migration, ownApplicationName)
    if (left.length === 0) return
    options.onProgress?.(left)
    await sleep(options.pollMs ?? 500, signal)
  }
}

/** Cancels the orphan's statement or ends its session; false when that very process is gone or cannot be signalled. */
export async function endOrphan(
  session: Session,
  orphan: Pick<Orphan, 'pid' | 'startedAt'>,
  how: 'cancel' | 'terminate',
): Promise<boolean> {
  const signalled = how === 'cancel' ? 'pg_cancel_backend' : 'pg_terminate_backend'
  const rows = await session.query<{ done: boolean }>(
    `select pg_catalog.${signalled}(a.pid) as done
     from pg_catalog.pg_stat_activity as a
     where a.pid = $1::int4 and a.backend_start = $2::timestamptz`,
    [orphan.pid, orphan.startedAt],
  )
  return rows[0]?.done ?? false
}
