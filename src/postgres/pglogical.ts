import type { Session } from './session.js'

/** Whether the session's database has pglogical's subscriptions, which this user may read. */
export async function pglogicalHere(session: Session): Promise<boolean> {
  const { here } = await session.one<{ here: boolean }>(
    `select coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass('pglogical.subscription'), 'select'), false) as here`,
  )
  return here
}

/** What pg_stat_activity calls the apply worker of `s` in pglogical.subscription, `d` being this database. */
export const PGLOGICAL_WORKER_KIND = `'pglogical apply ' || d.oid::text || ':' || s.sub_id::text`

/** A subquery over `s` of pglogical.subscription: its apply worker, by the name the process has. */
export const PGLOGICAL_WORKER = `
  select a.pid::int4 as pid
  from pg_catalog.pg_stat_activity as a
  join pg_catalog.pg_database as d on d.datname = pg_catalog.current_database()
  where a.backend_type = ${PGLOGICAL_WORKER_KIND}`

/**
 * Over `t` of pglogical.local_sync_status: belt has set the table aside. It reads as synchronized at a position that never
 * comes, so the worker passes over its changes and starts no copy.
 */
export const IS_ASIDE = `(t.sync_status = 'y' and t.sync_statuslsn = 'FFFFFFFF/FFFFFFFF'::pg_catalog.pg_lsn)`
