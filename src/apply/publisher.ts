import type { Session } from '../postgres/session.js'

/** The source's end of a subscription. */
export interface Publisher {
  readonly slot: { readonly active: boolean; readonly walStatus: string | null } | undefined
  /** Walsenders of the subscription: of its apply worker and of those that copy tables. */
  readonly senderPids: readonly number[]
  readonly sendersFree: number
  readonly slotsFree: number
}

interface PublisherRow {
  readonly slot: Publisher['slot'] | null
  readonly senderPids: readonly number[]
  readonly sendersFree: number
  readonly slotsFree: number
}

/** An apply worker names itself after its subscription, one that copies `pg_<oid>_sync_<table>_<cluster>`. */
const SENDERS = `
  select a.pid from pg_catalog.pg_stat_activity as a
  where a.backend_type = 'walsender' and a.datname = pg_catalog.current_database()
    and (a.application_name = $1::text or a.application_name ~ '^pg_[0-9]+_sync_')`

export async function readPublisher(session: Session, subscription: string, slot: string): Promise<Publisher> {
  const row = await session.one<PublisherRow>(
    `select
       (select pg_catalog.json_build_object('active', s.active, 'walStatus', pg_catalog.to_jsonb(s) ->> 'wal_status')
        from pg_catalog.pg_replication_slots as s where s.slot_name = $2::name) as slot,
       array(${SENDERS} order by a.pid) as "senderPids",
       pg_catalog.current_setting('max_wal_senders')::int4
         - (select pg_catalog.count(*)::int4 from pg_catalog.pg_stat_activity as a where a.backend_type = 'walsender') as "sendersFree",
       pg_catalog.current_setting('max_replication_slots')::int4
         - (select pg_catalog.count(*)::int4 from pg_catalog.pg_replication_slots) as "slotsFree"`,
    [subscription, slot],
  )
  return { ...row, slot: row.slot ?? undefined }
}
