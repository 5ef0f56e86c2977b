import { activityText } from './activity-text.js'
import { SecretRegistry } from './redact.js'
import type { Session } from './session.js'

/** A transaction anywhere in the cluster that has written: creating a logical slot waits for its end. */
export interface OpenWriter {
  /** Null for a prepared transaction. */
  readonly pid: number | null
  /** The name of a prepared transaction, null for a session's. */
  readonly preparedAs: string | null
  readonly user: string | null
  readonly applicationName: string | null
  readonly database: string | null
  readonly state: string | null
  /** Milliseconds since the transaction began or was prepared; null where rights hide it. */
  readonly ageMs: number | null
  /** Redacted and cut to 80 characters. */
  readonly query: string | null
}

/**
 * Write transactions of all databases, oldest first, without this session's own. Read from pg_locks, which shows every
 * user every transaction id, while pg_stat_activity hides other users' from those without pg_read_all_stats.
 */
export async function openWriters(
  session: Session,
  secrets: SecretRegistry = new SecretRegistry(),
): Promise<readonly OpenWriter[]> {
  const rows = await session.query<OpenWriter>(
    `with writing as (
       select distinct l.pid
       from pg_catalog.pg_locks as l
       where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
         and l.pid is not null and l.pid <> pg_catalog.pg_backend_pid()
     ), found as (
       select
         w.pid::int4 as pid,
         null::text as "preparedAs",
         a.usename::text as "user",
         nullif(a.application_name, '') as "applicationName",
         a.datname::text as database,
         a.state,
         (extract(epoch from pg_catalog.clock_timestamp() - a.xact_start) * 1000)::float8 as "ageMs",
         a.query
       from writing as w
       left join pg_catalog.pg_stat_activity as a on a.pid = w.pid
       union all
       select
         null::int4, p.gid, p.owner::text, null::text, p.database::text, 'prepared',
         (extract(epoch from pg_catalog.clock_timestamp() - p.prepared) * 1000)::float8, null::text
       from pg_catalog.pg_prepared_xacts as p
     )
     select f.* from found as f order by f."ageMs" desc nulls last, f.pid, f."preparedAs"`,
  )
  return rows.map((row) => ({ ...row, query: activityText(row.query, secrets) }))
}
