import type { Session } from '../postgres/session.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import { readPglogicalCopyProgress } from './pglogical-copy-progress.js'
import { pglogicalHere } from '../postgres/pglogical.js'
import { copyProgressOf, type CopyProgressRow, type TableCopyProgress } from './table-copy-progress.js'
import { syncState } from './subscriptions.js'

/** The view names the subscription to everybody; pg_subscription hides its OID from ordinary roles up to 13. */
const SUBSCRIPTION = '(select w.subid from pg_catalog.pg_stat_subscription as w where w.subname = $1::name)'

const WITHOUT_COUNTS = 'null::float8 as bytes, null::float8 as rows'
const WITH_COUNTS = 'p.bytes_processed::float8 as bytes, p.tuples_processed::float8 as rows'
const COPY_VIEW = `left join pg_catalog.pg_stat_progress_copy as p
      on p.pid = w.pid and p.relid = r.srrelid and p.datname = pg_catalog.current_database()`

async function nativeProgress(session: Session, subscription: string): Promise<readonly TableCopyProgress[]> {
  const counts = session.serverVersion >= 140000
  const rows = await session.query<CopyProgressRow>(
    `select
      n.nspname::text as schema,
      c.relname::text as name,
      r.srsubstate::text as state,
      w.pid::int4 as worker_pid,
      ${counts ? WITH_COUNTS : WITHOUT_COUNTS}
    from pg_catalog.pg_subscription_rel as r
    join pg_catalog.pg_class as c on c.oid = r.srrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    left join pg_catalog.pg_stat_subscription as w
      on w.subid = r.srsubid and w.relid = r.srrelid and (pg_catalog.to_jsonb(w) ->> 'leader_pid') is null
    ${counts ? COPY_VIEW : ''}
    where r.srsubid in ${SUBSCRIPTION}
    order by n.nspname collate "C", c.relname collate "C"`,
    [subscription],
  )
  return rows.map((row) => copyProgressOf(row, syncState(row.state)))
}

/**
 * State of each table of a subscription of the session's database (the target), sorted by name. pglogical notes a table
 * when it is copied; until then only `wanted` tells that it will be.
 */
export async function readCopyProgress(
  session: Session,
  subscription: string,
  wanted: readonly QualifiedName[] = [],
): Promise<readonly TableCopyProgress[]> {
  const found = await nativeProgress(session, subscription)
  if (found.length > 0 || !(await pglogicalHere(session))) return found
  return readPglogicalCopyProgress(session, subscription, wanted)
}
