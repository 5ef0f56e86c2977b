import { PGLOGICAL_WORKER, pglogicalHere } from '../postgres/pglogical.js'
import type { Session } from '../postgres/session.js'

/** The target's end of a subscription. */
export interface Subscriber {
  readonly enabled: boolean
  readonly applyPid: number | null
  readonly workerPids: readonly number[]
  readonly syncRunning: number
  /** Tables whose copy is not finished. */
  readonly tablesOpen: number
  /** From 15; 0 before. */
  readonly applyErrors: number
  readonly syncErrors: number
  /** Logical replication workers of the whole cluster, the launcher left out. */
  readonly workersRunning: number
  /** The setting that bounds them. */
  readonly workersSetting: string
  readonly maxWorkers: number
  readonly maxSyncWorkers: number
  /** Of pglogical: no worker runs, and the one that made the initial copy has ended within it. */
  readonly copyLost: boolean
}

/** sync_error_count has become several in newer majors: read by name from JSON. */
const ERRORS = `
  left join lateral (
    select pg_catalog.to_jsonb(e) as counts from pg_catalog.pg_stat_subscription_stats as e where e.subid = s.oid
  ) as x on true`

/** undefined: there is no such subscription in the session's database. Reads pg_subscription, so needs its rights. */
export async function readSubscriber(session: Session, subscription: string): Promise<Subscriber | undefined> {
  const found = await nativeSubscriber(session, subscription)
  if (found !== undefined || !(await pglogicalHere(session))) return found
  return pglogicalSubscriber(session, subscription)
}

async function nativeSubscriber(session: Session, subscription: string): Promise<Subscriber | undefined> {
  const counts = session.major >= 15 ? 'x.counts' : 'null::jsonb'
  const rows = await session.query<Subscriber>(
    `select
       s.subenabled as enabled,
       (select w.pid::int4 from pg_catalog.pg_stat_subscription as w
        where w.subid = s.oid and w.relid is null and (pg_catalog.to_jsonb(w) ->> 'leader_pid') is null
        order by w.pid limit 1) as "applyPid",
       array(select w.pid::int4 from pg_catalog.pg_stat_subscription as w
             where w.subid = s.oid and w.pid is not null order by w.pid) as "workerPids",
       (select pg_catalog.count(*)::int4 from pg_catalog.pg_stat_subscription as w
        where w.subid = s.oid and w.relid is not null and w.pid is not null) as "syncRunning",
       (select pg_catalog.count(*)::int4 from pg_catalog.pg_subscription_rel as r
        where r.srsubid = s.oid and r.srsubstate <> 'r') as "tablesOpen",
       coalesce((${counts} ->> 'apply_error_count')::float8, 0) as "applyErrors",
       coalesce((${counts} ->> 'sync_error_count')::float8, (${counts} ->> 'sync_table_error_count')::float8, 0) as "syncErrors",
       (select pg_catalog.count(*)::int4 from pg_catalog.pg_stat_activity as a
        where a.backend_type like 'logical replication%' and a.backend_type not like '%launcher') as "workersRunning",
       'max_logical_replication_workers' as "workersSetting",
       pg_catalog.current_setting('max_logical_replication_workers')::int4 as "maxWorkers",
       pg_catalog.current_setting('max_sync_workers_per_subscription')::int4 as "maxSyncWorkers",
       false as "copyLost"
     from pg_catalog.pg_subscription as s
     join pg_catalog.pg_database as d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
     ${session.major >= 15 ? ERRORS : ''}
     where s.subname = $1::name`,
    [subscription],
  )
  return rows[0]
}

/** Its one worker copies table by table and then applies; what it runs out of is max_worker_processes. */
async function pglogicalSubscriber(session: Session, subscription: string): Promise<Subscriber | undefined> {
  const rows = await session.query<Subscriber>(
    `select
       s.sub_enabled as enabled,
       (${PGLOGICAL_WORKER} limit 1) as "applyPid",
       array(${PGLOGICAL_WORKER} order by 1) as "workerPids",
       0 as "syncRunning",
       (select pg_catalog.count(*)::int4 from pglogical.local_sync_status as t
        where t.sync_subid = s.sub_id and t.sync_status <> 'r') as "tablesOpen",
       0::float8 as "applyErrors",
       0::float8 as "syncErrors",
       (select pg_catalog.count(*)::int4 from pg_catalog.pg_stat_activity as a
        where a.backend_type like 'pglogical %' or a.backend_type like 'logical replication%') as "workersRunning",
       'max_worker_processes' as "workersSetting",
       pg_catalog.current_setting('max_worker_processes')::int4 as "maxWorkers",
       1 as "maxSyncWorkers",
       exists (
         select from pglogical.local_sync_status as t
         where t.sync_subid = s.sub_id and t.sync_relname is null and t.sync_status in ('s', 'd', 'c'))
         and not exists (${PGLOGICAL_WORKER}) as "copyLost"
     from pglogical.subscription as s
     where s.sub_name = $1::name`,
    [subscription],
  )
  return rows[0]
}
