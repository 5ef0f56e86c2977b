import { activityText } from './activity-text.js'
import { SecretRegistry } from './redact.js'
import type { Session } from './session.js'

/** A session (or prepared transaction) that keeps another one waiting. Fields are null where rights hide them. */
export interface Blocker {
  /** 0 for a prepared transaction: see pg_prepared_xacts. */
  readonly pid: number
  /** The process it keeps waiting. */
  readonly blocks: number
  /** 1 blocks the asked-for process itself, 2 blocks a blocker, and so on. */
  readonly depth: number
  readonly user: string | null
  readonly applicationName: string | null
  readonly database: string | null
  /** active, idle in transaction, … */
  readonly state: string | null
  /** Milliseconds since its statement began. */
  readonly queryAgeMs: number | null
  /** Milliseconds since its transaction began. */
  readonly transactionAgeMs: number | null
  /** `Lock/relation`, `Client/ClientRead`, … */
  readonly waitEvent: string | null
  /** Redacted and cut to 80 characters. */
  readonly query: string | null
}

/** Everybody whom `pid` waits for, directly or through others, nearest first; ask from another session. */
export async function blockersOf(
  session: Session,
  pid: number,
  secrets: SecretRegistry = new SecretRegistry(),
): Promise<readonly Blocker[]> {
  const rows = await session.query<Blocker>(
    `with recursive chain (pid, blocks, depth, path) as (
       select b.pid, $1::int4, 1, array[$1::int4, b.pid]
       from pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::int4)) as b (pid)
       union
       select b.pid, c.pid, c.depth + 1, c.path || b.pid
       from chain as c
       cross join lateral pg_catalog.unnest(pg_catalog.pg_blocking_pids(c.pid)) as b (pid)
       -- Deadlocks not yet detected are circles.
       where b.pid <> all (c.path) and c.depth < 16
     ), nearest as (
       select distinct on (c.pid) c.pid, c.blocks, c.depth from chain as c order by c.pid, c.depth, c.blocks
     )
     select
       n.pid::int4 as pid,
       n.blocks::int4 as blocks,
       n.depth::int4 as depth,
       a.usename::text as "user",
       nullif(a.application_name, '') as "applicationName",
       a.datname::text as database,
       a.state,
       (extract(epoch from pg_catalog.clock_timestamp() - a.query_start) * 1000)::float8 as "queryAgeMs",
       (extract(epoch from pg_catalog.clock_timestamp() - a.xact_start) * 1000)::float8 as "transactionAgeMs",
       a.wait_event_type || '/' || a.wait_event as "waitEvent",
       a.query
     from nearest as n
     left join pg_catalog.pg_stat_activity as a on a.pid = n.pid
     order by n.depth, n.pid`,
    [pid],
  )
  return rows.map((row) => ({ ...row, query: activityText(row.query, secrets) }))
}

/** `psql (process 4711, idle in transaction for 3 min, user app)`, for a list of names in a message. */
export function describeBlocker(blocker: Blocker): string {
  if (blocker.pid === 0) return 'a prepared transaction (see pg_prepared_xacts)'
  const name = blocker.applicationName ?? 'a session'
  const age = blocker.transactionAgeMs ?? blocker.queryAgeMs
  const state =
    blocker.state === null ? '' : `, ${blocker.state}${age === null ? '' : ` for ${Math.round(age / 1000)} s`}`
  const user = blocker.user === null ? '' : `, user ${blocker.user}`
  return `${name} (process ${blocker.pid}${state}${user})`
}
