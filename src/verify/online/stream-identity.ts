import type { PublishedTable } from '../../catalog/replication.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { fingerprint } from '../../core/fingerprint.js'
import { quoteQualified } from '../../core/quote.js'
import { pglogicalHere } from '../../postgres/pglogical.js'
import type { Session } from '../../postgres/session.js'

interface Carried extends QualifiedName {
  readonly subscription: number
  readonly table: number
  readonly copied: string | null
}

/**
 * Fingerprint of what has streamed into these tables through the slot: another one after the subscription was made anew,
 * the direction turned, one of the tables copied again or added, or another part of it, or a server promoted or restored.
 * What was compared before says nothing then.
 */
export async function readStreamIdentity(
  { publisher, subscriber }: Readonly<Record<'publisher' | 'subscriber', Session>>,
  slot: string,
  tables: readonly PublishedTable[],
): Promise<string> {
  let rows = await subscriber.query<Carried>(
    `select s.oid as subscription, r.srrelid as "table", r.srsublsn::text as copied,
       n.nspname::text as schema, c.relname::text as name
     from pg_catalog.pg_subscription as s
     join pg_catalog.pg_database as d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
     join pg_catalog.pg_subscription_rel as r on r.srsubid = s.oid
     join pg_catalog.pg_class as c on c.oid = r.srrelid
     join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where s.subslotname = $1::name
     order by 1, 4, 5`,
    [slot],
  )
  if (rows.length === 0 && (await pglogicalHere(subscriber))) rows = await pglogicalCarried(subscriber, slot, tables)
  const wanted = new Set(tables.map((t) => quoteQualified(t.schema, t.name)))
  const carried = rows
    .filter((r) => wanted.has(quoteQualified(r.schema, r.name)))
    .map((r) => [r.subscription, r.table, r.copied])
  const timelines = [await readTimeline(publisher), await readTimeline(subscriber)]
  const parts = tables.flatMap(({ schema, name, part }) =>
    part === undefined ? [] : [[quoteQualified(schema, name), part]],
  )
  return fingerprint([slot, timelines, [...wanted].sort(), carried, ...(parts.length === 0 ? [] : [parts])])
}

/** The first 8 digits of a log file's name, which everybody may ask for; null on a standby. */
async function readTimeline(session: Session): Promise<string | null> {
  const { timeline } = await session.one<{ timeline: string | null }>(
    `select case when not pg_catalog.pg_is_in_recovery()
       then pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8) end as timeline`,
  )
  return timeline
}

/**
 * The subscription's id is made of its name, so what tells one from the next is where its tables' copies ended. One that was
 * made without a copy knows of no table; that a table is still the one it was, its OID tells.
 */
function pglogicalCarried(
  subscriber: Session,
  slot: string,
  wanted: readonly QualifiedName[],
): Promise<readonly Carried[]> {
  return subscriber.query<Carried>(
    `select s.sub_id as subscription, c.oid as "table", t.sync_statuslsn::text as copied,
       n.nspname::text as schema, c.relname::text as name
     from pglogical.subscription as s
     cross join rows from (pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[])) as w (schema, name)
     join pg_catalog.pg_namespace as n on n.nspname = w.schema
     join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = w.name
     left join pglogical.local_sync_status as t
       on t.sync_subid = s.sub_id and t.sync_nspname = n.nspname and t.sync_relname = c.relname
     where s.sub_slot_name = $1::name
     order by 1, 4, 5`,
    [slot, wanted.map((t) => t.schema), wanted.map((t) => t.name)],
  )
}
