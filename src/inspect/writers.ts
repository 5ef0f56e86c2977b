import type { BackgroundWorker, CronJob, SelfServer } from '../catalog/activity.js'
import type { Session } from '../postgres/session.js'

/**
 * Processes of extensions that are connected to this database: the same that count inside a pause, replication's and
 * autovacuum's own left out, also those that help a query for a moment.
 */
const WORKERS = `
  select a.backend_type as type, coalesce(a.usename::text, '') as role, pg_catalog.count(*)::int4 as processes
  from pg_catalog.pg_stat_activity as a
  where a.datname = pg_catalog.current_database() and a.pid <> pg_catalog.pg_backend_pid()
    and a.backend_type not in ('client backend', 'walsender', 'autovacuum worker', 'autovacuum launcher', 'parallel worker')
    and a.backend_type !~ '^(pglogical |logical replication |slotsync)'
    and coalesce(a.application_name, '') not like 'belt/%'
  group by 1, 2
  order by 1, 2`

/** Row security would hide the jobs of others, and is an error for a session of belt. */
const CRON_READABLE = `
  select coalesce(
    pg_catalog.has_schema_privilege(c.relnamespace, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')
      and not pg_catalog.row_security_active(c.oid), false) as readable
  from pg_catalog.pg_class as c
  where c.oid = pg_catalog.to_regclass('cron.job')`

const CRON_JOBS = `
  select j.jobid::text as id, j.username::text as role, j.schedule::text as schedule
  from cron.job as j
  where j.active and j.database::text = pg_catalog.current_database()::text
  order by j.jobid`

/** Through which this database reaches one of its own name, perhaps itself. Other options may be secrets. */
const SELF_SERVERS = `
  select s.srvname::text as name, w.fdwname::text as wrapper
  from pg_catalog.pg_foreign_server as s
  join pg_catalog.pg_foreign_data_wrapper as w on w.oid = s.srvfdw
  where w.fdwname in ('postgres_fdw', 'dblink_fdw')
    and ('dbname=' || pg_catalog.current_database()) = any (s.srvoptions)
  order by s.srvname collate "C"`

export interface OtherWriters {
  readonly workers: readonly BackgroundWorker[]
  readonly cronJobs: readonly CronJob[] | 'unreadable'
  readonly selfServers: readonly SelfServer[]
}

/** What writes, or may write, here without being an application's session. */
export async function readOtherWriters(session: Pick<Session, 'query'>): Promise<OtherWriters> {
  const [cron] = await session.query<{ readable: boolean }>(CRON_READABLE)
  return {
    workers: await session.query<BackgroundWorker>(WORKERS),
    cronJobs: cron === undefined ? [] : cron.readable ? await session.query<CronJob>(CRON_JOBS) : 'unreadable',
    selfServers: await session.query<SelfServer>(SELF_SERVERS),
  }
}
