import type { Session } from '../../postgres/session.js'

/** Where a server's log ends now; null on a standby, which writes none. */
export async function readLsn(session: Session): Promise<string | null> {
  const { lsn } = await session.one<{ lsn: string | null }>(
    `select case when not pg_catalog.pg_is_in_recovery() then pg_catalog.pg_current_wal_insert_lsn()::text end as lsn`,
  )
  return lsn
}
