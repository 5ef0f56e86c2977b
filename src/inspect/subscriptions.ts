import type { Subscription, TableSyncState } from '../catalog/replication.js'
import type { CatalogReader } from './catalog-reader.js'
import { groupBy, optional } from './optional.js'
import { columnOr } from './sql-fragments.js'
import { CONNINFO_PARTS, parseConninfo } from './subscription-connection.js'
import type { ConninfoRow } from './subscription-connection.js'

interface SubscriptionRow extends ConninfoRow {
  readonly oid: number | null
  readonly name: string
  readonly owner: string
  readonly enabled: boolean
  readonly slot_name: string | null
  readonly publications: readonly string[]
  readonly failover: boolean | null
  readonly comment: string | null
  readonly worker_pid: number | null
  readonly received_lsn: string | null
  readonly latest_end_lsn: string | null
  readonly apply_errors: number | null
  readonly sync_errors: number | null
}

/** Up to 13 ordinary roles may read a subscription's name but not its OID. The name is looked up in this database. */
const OID_BY_NAME = `case when d.datname = pg_catalog.current_database()
      then (pg_catalog.pg_get_object_address('subscription', array[s.subname::text], '{}'::text[])).objid end`

/** Of the whole cluster; undefined where this user may not see them (up to 13 superusers only). */
export async function readSubscriptionOids(reader: CatalogReader): Promise<readonly string[] | undefined> {
  if (!reader.readable('pg_subscription', 'oid')) return undefined
  const rows = await reader.query<{ oid: string }>(
    'select s.oid::text as oid from pg_catalog.pg_subscription as s order by s.oid',
  )
  return rows.map((r) => r.oid)
}

/** Subscriptions of this database, belt's own included. */
export async function readSubscriptions(reader: CatalogReader): Promise<readonly Subscription[]> {
  if (!reader.readable('pg_subscription', 'subname') || !reader.readable('pg_subscription', 'subdbid')) return []
  const column = (name: string, otherwise: string): string => columnOr(reader, 's', 'pg_subscription', name, otherwise)
  // The view's columns are named per major (sync_error_count has become several): read by name from its JSON.
  const errors = reader.callable('pg_catalog.pg_stat_get_subscription_stats(oid)')
    ? '(select pg_catalog.to_jsonb(e) from pg_catalog.pg_stat_get_subscription_stats(i.oid) as e)'
    : 'null::jsonb'
  const rows = await reader.query<SubscriptionRow>(`
    select
      i.oid as oid,
      s.subname::text as name,
      pg_catalog.pg_get_userbyid(s.subowner)::text as owner,
      s.subenabled as enabled,
      ${column('subslotname', 'null')}::text as slot_name,
      array(select p.name collate "C" from pg_catalog.unnest(s.subpublications) as p (name) order by 1) as publications,
      ${column('subfailover', 'null')}::bool as failover,
      pg_catalog.obj_description(i.oid, 'pg_subscription') as comment,
      ${CONNINFO_PARTS},
      w.pid as worker_pid,
      w.received_lsn::text as received_lsn,
      w.latest_end_lsn::text as latest_end_lsn,
      (x.errors ->> 'apply_error_count')::float8 as apply_errors,
      coalesce(x.errors ->> 'sync_error_count', x.errors ->> 'sync_table_error_count')::float8 as sync_errors
    from pg_catalog.pg_subscription as s
    join pg_catalog.pg_database as d on d.oid = s.subdbid
    cross join lateral (select ${column('oid', OID_BY_NAME)} as oid) as i
    cross join lateral (select ${column('subconninfo', 'null')}::text as conninfo) as c
    cross join lateral (select ${errors} as errors) as x
    left join lateral (
      select v.pid::int4 as pid, v.received_lsn, v.latest_end_lsn
      from pg_catalog.pg_stat_subscription as v
      where v.subid = i.oid and v.relid is null and (pg_catalog.to_jsonb(v) ->> 'leader_pid') is null
      order by v.pid nulls last
      limit 1
    ) as w on true
    where d.datname = pg_catalog.current_database()
    order by s.subname collate "C"`)
  const tables = groupBy(await readTables(reader), (t) => t.subscription)
  return rows.map((row) => ({
    name: row.name,
    owner: row.owner,
    enabled: row.enabled,
    slotName: row.slot_name ?? undefined,
    publications: row.publications,
    ...optional('connection', parseConninfo(row)),
    ...optional('failover', row.failover),
    ...optional('comment', row.comment),
    ...optional('origin', row.oid === null ? null : `pg_${String(row.oid)}`),
    tables: (row.oid === null ? [] : (tables.get(row.oid) ?? [])).map((t) => ({
      schema: t.schema,
      name: t.name,
      state: syncState(t.state),
    })),
    volatile: {
      workerPid: row.worker_pid ?? undefined,
      receivedLsn: row.received_lsn ?? undefined,
      latestEndLsn: row.latest_end_lsn ?? undefined,
      applyErrors: row.apply_errors ?? undefined,
      syncErrors: row.sync_errors ?? undefined,
    },
  }))
}

interface TableRow {
  readonly subscription: number
  readonly schema: string
  readonly name: string
  readonly state: string
}

async function readTables(reader: CatalogReader): Promise<readonly TableRow[]> {
  if (!reader.readable('pg_subscription_rel', 'srsubstate')) return []
  return reader.query<TableRow>(`
    select r.srsubid as subscription, n.nspname::text as schema, c.relname::text as name, r.srsubstate::text as state
    from pg_catalog.pg_subscription_rel as r
    join pg_catalog.pg_class as c on c.oid = r.srrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    order by n.nspname collate "C", c.relname collate "C"`)
}

/** pg_subscription_rel.srsubstate; a state that a newer server adds is not ready, so it counts as the first. */
export function syncState(letter: string): TableSyncState {
  switch (letter) {
    case 'd':
      return 'data'
    case 'f': // from 14
      return 'finished copy'
    case 's':
      return 'synchronized'
    case 'r':
      return 'ready'
    default:
      return 'initialize'
  }
}
