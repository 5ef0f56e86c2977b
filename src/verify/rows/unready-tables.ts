import { quoteQualified } from '../../core/quote.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { pglogicalHere } from '../../postgres/pglogical.js'
import type { Session } from '../../postgres/session.js'

const PGLOGICAL = `
  union all
  select t.sync_nspname::text, t.sync_relname::text
  from pglogical.subscription as p
  join pglogical.local_sync_status as t on t.sync_subid = p.sub_id and t.sync_status <> 'r' and t.sync_relname is not null
  where p.sub_slot_name = $1::name`

/**
 * Quoted names of the tables whose initial copy has not ended, or that do not stream yet: the slot's position says
 * nothing of them.
 */
export async function readUnreadyTables(subscriber: Session, slot: string): Promise<ReadonlySet<string>> {
  const pglogical = (await pglogicalHere(subscriber)) ? PGLOGICAL : ''
  const rows = await subscriber.query<QualifiedName>(
    `select n.nspname::text as schema, c.relname::text as name
     from pg_catalog.pg_subscription as s
     join pg_catalog.pg_database as d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
     join pg_catalog.pg_subscription_rel as r on r.srsubid = s.oid and r.srsubstate <> 'r'
     join pg_catalog.pg_class as c on c.oid = r.srrelid
     join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where s.subslotname = $1::name
     ${pglogical}
     order by 1, 2`,
    [slot],
  )
  return new Set(rows.map((r) => quoteQualified(r.schema, r.name)))
}
