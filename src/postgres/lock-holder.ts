import { type LockKey, lockKeyAsOids } from './lock-key.js'
import type { Session } from './session.js'

/** Who holds an advisory lock. Fields are null where this user may not see them (other users' sessions). */
export interface LockHolder {
  readonly pid: number
  readonly user: string | null
  readonly applicationName: string | null
  /** Null for a Unix socket. */
  readonly clientAddress: string | null
  /** Timestamp with time zone, UTC, as text. */
  readonly since: string | null
}

/** The session in this database that holds the lock, if any. */
export async function findLockHolder(session: Session, key: LockKey): Promise<LockHolder | undefined> {
  const rows = await session.query<LockHolder>(
    `select
       l.pid::int4 as pid,
       a.usename::text as "user",
       nullif(a.application_name, '') as "applicationName",
       pg_catalog.host(a.client_addr) as "clientAddress",
       a.backend_start::text as since
     from pg_catalog.pg_locks as l
     left join pg_catalog.pg_stat_activity as a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted
       and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
       and l.classid = $1::oid and l.objid = $2::oid and l.objsubid = 2
     order by l.pid`,
    [...lockKeyAsOids(key)],
  )
  return rows[0]
}

export function describeHolder(holder: LockHolder): string {
  const who = holder.applicationName ?? 'a session'
  const from = holder.clientAddress === null ? 'a local socket' : holder.clientAddress
  const since = holder.since === null ? '' : `, connected since ${holder.since}`
  return `${who} (process ${holder.pid}${holder.user === null ? '' : `, user ${holder.user}`}, from ${from}${since})`
}
