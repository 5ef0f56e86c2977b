import type { Subscription } from '../../catalog/replication.js'
import type { StreamEvidence } from '../../catalog/stream-evidence.js'
import type { Session } from '../../postgres/session.js'

/** pglogical's workers are counted among all that extensions may start; Postgres' own have a limit of their own. */
export async function countWorkers(session: Session, { of }: Subscription): Promise<StreamEvidence['workers']> {
  if (of === 'pglogical') return session.one<StreamEvidence['workers']>(OF_PGLOGICAL)
  return session.one<StreamEvidence['workers']>(
    `select
       (select pg_catalog.count(*)::int4 from pg_catalog.pg_stat_activity as a
        where a.backend_type like 'logical replication%' and a.backend_type not like '%launcher') as running,
       pg_catalog.current_setting('max_logical_replication_workers')::int4 as "limit",
       'max_logical_replication_workers' as setting`,
  )
}

/**
 * Supervisor and manager end when they find no place for a process to start, and leave their own place free until they
 * are started anew (seen: one less than the limit runs, for ever). So one that is not there counts as if it were.
 */
const OF_PGLOGICAL = `
  select
    (select pg_catalog.count(*)::int4 from pg_catalog.pg_stat_activity as a
     where a.backend_type like any (array['logical replication%', 'pglogical %', 'parallel worker']))
    + (select pg_catalog.count(*)::int4
       from pg_catalog.pg_database as d
       cross join lateral (values ('pglogical supervisor'), ('pglogical manager ' || d.oid::text)) as n (name)
       where d.datname = pg_catalog.current_database()
         and not exists (select from pg_catalog.pg_stat_activity as a where a.backend_type = n.name)) as running,
    pg_catalog.current_setting('max_worker_processes')::int4 as "limit",
    'max_worker_processes' as setting`
