import type { Subscription } from '../../catalog/replication.js'
import type { StreamEvidence } from '../../catalog/stream-evidence.js'
import type { Session } from '../../postgres/session.js'

/** pglogical's workers are counted among all that extensions may start; Postgres' own have a limit of their own. */
export async function countWorkers(session: Session, { of }: Subscription): Promise<StreamEvidence['workers']> {
  const setting = of === 'pglogical' ? 'max_worker_processes' : 'max_logical_replication_workers'
  return session.one<StreamEvidence['workers']>(
    `select
       (select pg_catalog.count(*)::int4 from pg_catalog.pg_stat_activity as a
        where a.backend_type like 'logical replication%' and ($1::text = 'max_worker_processes' or a.backend_type not like '%launcher')
          or $1::text = 'max_worker_processes' and a.backend_type like any (array['pglogical %', 'parallel worker'])) as running,
       pg_catalog.current_setting($1::text)::int4 as "limit",
       $1::text as setting`,
    [setting],
  )
}
