import type { Activity, HeldLock, OpenSession } from '../catalog/activity.js'
import type { Session } from '../postgres/session.js'
import { readOtherWriters } from './writers.js'

/** Shorter transactions end before anybody could look at them. */
const OPEN_SECONDS = 2

interface OpenRow {
  readonly pid: number
  readonly user: string
  readonly database: string
  readonly application: string
  readonly state: string
  readonly seconds: number
  readonly writes: boolean
  readonly backend_type: string
}

/**
 * Without pg_read_all_stats the state, times and transaction id of other users' sessions are hidden, but pg_locks shows
 * everybody who has a transaction id: such a session is listed, with an age of 0.
 */
const OPEN = `
  with writing as materialized (
    select l.pid
    from pg_catalog.pg_locks as l
    where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted and l.pid is not null
  )
  select
    a.pid::int4 as pid,
    coalesce(a.usename::text, '') as user,
    coalesce(a.datname::text, '') as database,
    coalesce(a.application_name, '') as application,
    coalesce(a.state, '') as state,
    coalesce(pg_catalog.floor(extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)), 0)::float8 as seconds,
    a.pid in (select w.pid from writing as w) as writes,
    coalesce(a.backend_type, '') as backend_type
  from pg_catalog.pg_stat_activity as a
  where a.pid <> pg_catalog.pg_backend_pid()
    and (a.xact_start <= pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => $1::float8)
      or a.xact_start is null and a.pid in (select w.pid from writing as w))
  order by a.xact_start nulls last, a.pid`

const PREPARED = `
  select
    p.gid as gid,
    p.database::text as database,
    p.owner::text as owner,
    pg_catalog.floor(extract(epoch from pg_catalog.clock_timestamp() - p.prepared))::float8 as seconds
  from pg_catalog.pg_prepared_xacts as p
  order by p.gid collate "C"`

/** Replication workers act as a user too, but are not clients; walsenders are replication's own. */
const SESSIONS = `
  select a.usename::text as role, pg_catalog.count(*)::int4 as sessions
  from pg_catalog.pg_stat_activity as a
  where a.datname = pg_catalog.current_database() and a.usename is not null
    and coalesce(a.backend_type, 'client backend') = 'client backend'
    and a.pid <> pg_catalog.pg_backend_pid() and a.application_name not like 'belt/%'
  group by a.usename
  order by a.usename collate "C"`

/** Whoever may not see other users' sessions learns nothing of them but their locks: then the age is 0. */
const HELD = `
  select
    a.pid::int4 as pid,
    coalesce(a.usename::text, '') as user,
    coalesce(a.application_name, '') as application,
    coalesce(a.state, '') as state,
    coalesce(pg_catalog.floor(extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)), 0)::float8 as "transactionSeconds",
    n.nspname::text as schema,
    c.relname::text as relation,
    l.mode as mode
  from pg_catalog.pg_locks as l
  join pg_catalog.pg_stat_activity as a on a.pid = l.pid
  join pg_catalog.pg_class as c on c.oid = l.relation
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where l.locktype = 'relation' and l.granted
    and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
    and l.pid <> pg_catalog.pg_backend_pid()
    and coalesce(a.backend_type, 'client backend') = 'client backend'
    and a.application_name not like 'belt/%'
    and c.relkind in ('r', 'p', 'm')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and coalesce(a.xact_start <= pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => $1::float8), true)
  order by a.pid, n.nspname collate "C", c.relname collate "C", l.mode collate "C"
  limit 1000`

/** What goes on on the server just now. */
export async function readActivity(session: Pick<Session, 'query'>): Promise<Activity> {
  const open = await session.query<OpenRow>(OPEN, [OPEN_SECONDS])
  return {
    openTransactions: open.map(openSession),
    preparedTransactions: await session.query(PREPARED),
    heldLocks: await session.query<HeldLock>(HELD, [OPEN_SECONDS]),
    sessionsByRole: await session.query(SESSIONS),
    ...(await readOtherWriters(session)),
  }
}

function openSession(row: OpenRow): OpenSession {
  const { pid, user, database, application, state, writes } = row
  return {
    pid,
    user,
    database,
    application,
    state,
    writes,
    transactionSeconds: row.seconds,
    backendType: row.backend_type,
  }
}
