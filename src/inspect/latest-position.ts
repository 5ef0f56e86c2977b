import type { Catalog } from '../catalog/catalog.js'
import type { Session } from '../postgres/session.js'

/**
 * The catalog with the end of its server's log and its subscriptions as they are now. To be asked once both sides were read: a position read earlier
 * lies behind what the other side, read a moment later, has applied of it, and a live server would look as if put back.
 */
export async function withLatestPosition(catalog: Catalog, session: Session): Promise<Catalog> {
  const { lsn } = await session.one<{ lsn: string }>(
    `select case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
       else pg_catalog.pg_current_wal_insert_lsn() end::text as lsn`,
  )
  const { server } = catalog
  const oids = await latestSubscriptions(catalog, session)
  const volatile = { ...server.volatile, currentLsn: lsn }
  return { ...catalog, ...oids, server: { ...server, volatile } }
}

/** A slot that the other side has meanwhile got for a new subscription of this server must not look like one of nobody's. */
async function latestSubscriptions(
  { subscriptionOids }: Catalog,
  session: Session,
): Promise<Pick<Catalog, 'subscriptionOids'>> {
  if (subscriptionOids === undefined) return {}
  const now = await session.query<{ oid: string }>(
    'select s.oid::text as oid from pg_catalog.pg_subscription as s order by s.oid',
  )
  return { subscriptionOids: [...new Set([...subscriptionOids, ...now.map((s) => s.oid)])] }
}
