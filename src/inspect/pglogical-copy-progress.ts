import type { QualifiedName } from '../catalog/schema-script.js'
import type { Session } from '../postgres/session.js'
import { copyProgressOf, type CopyProgressRow, type TableCopyProgress } from './table-copy-progress.js'
import { IS_ASIDE } from '../postgres/pglogical.js'
import { pglogicalSyncState } from './pglogical-subscriptions.js'

/** The worker copies through a session of its own in this database, one table after the other. */
const WITH_COUNTS = `
  left join lateral (
    select p.pid, p.bytes_processed::float8 as bytes, p.tuples_processed::float8 as rows
    from pg_catalog.pg_stat_progress_copy as p
    where p.relid = c.oid and p.datname = pg_catalog.current_database() and p.command = 'COPY FROM'
    limit 1) as p on true`
const WITHOUT_COUNTS = `
  cross join (select null::int4 as pid, null::float8 as bytes, null::float8 as rows) as p`

/**
 * Only what a subscription copies is noted, and that only once it is copied; with nothing to copy (kind `i`) every table
 * streams as soon as the subscription does. Undefined subscription: nothing.
 */
export async function readPglogicalCopyProgress(
  session: Session,
  subscription: string,
  wanted: readonly QualifiedName[],
): Promise<readonly TableCopyProgress[]> {
  const rows = await session.query<CopyProgressRow>(
    `select n.nspname::text as schema, c.relname::text as name, p.pid::int4 as worker_pid, p.bytes, p.rows,
       case when t.sync_status is not null then t.sync_status::text
         when g.sync_kind = 'i' and g.sync_status = 'r' then 'r'
         when p.pid is not null then 'd'
         else 'i' end as state
     from pglogical.subscription as s
     left join pglogical.local_sync_status as g on g.sync_subid = s.sub_id and g.sync_relname is null
     cross join pg_catalog.pg_class as c
     join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     left join pglogical.local_sync_status as t
       on t.sync_subid = s.sub_id and t.sync_nspname = n.nspname and t.sync_relname = c.relname
     ${session.major >= 14 ? WITH_COUNTS : WITHOUT_COUNTS}
     where s.sub_name = $1::name and c.relkind = 'r' and ${IS_ASIDE} is not true
       and (t.sync_subid is not null or exists (
         select from rows from (pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[])) as w (schema, name)
         where w.schema = n.nspname and w.name = c.relname))
     order by n.nspname collate "C", c.relname collate "C"`,
    [subscription, wanted.map((t) => t.schema), wanted.map((t) => t.name)],
  )
  return rows.map((row) => copyProgressOf(row, pglogicalSyncState(row.state)))
}
