import type { Subscription, TableSyncState } from '../catalog/replication.js'
import { IS_ASIDE, PGLOGICAL_WORKER } from '../postgres/pglogical.js'
import type { CatalogReader } from './catalog-reader.js'
import { groupBy, optional } from './optional.js'
import { CONNINFO_PARTS, parseConninfo } from './subscription-connection.js'
import type { ConninfoRow } from './subscription-connection.js'

interface SubscriptionRow extends ConninfoRow {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly slot_name: string
  readonly sets: readonly string[]
  readonly owner: string
  readonly worker_pid: number | null
  readonly uncopied: boolean
  readonly copy_begun: boolean
}

const SUBSCRIPTIONS = `
  select
    s.sub_id::text as id, s.sub_name::text as name, s.sub_enabled as enabled, s.sub_slot_name::text as slot_name,
    array(select r.name from pg_catalog.unnest(s.sub_replication_sets) as r (name) order by r.name collate "C") as sets,
    (select pg_catalog.pg_get_userbyid(e.extowner)::text from pg_catalog.pg_extension as e
     where e.extname = 'pglogical') as owner,
    (${PGLOGICAL_WORKER} limit 1) as worker_pid,
    exists (
      select from pglogical.local_sync_status as t
      where t.sync_subid = s.sub_id and t.sync_relname is null and t.sync_kind = 'i' and t.sync_status = 'r') as uncopied,
    exists (
      select from pglogical.local_sync_status as t
      where t.sync_subid = s.sub_id and t.sync_relname is null and t.sync_status in ('s', 'd', 'c')) as copy_begun,
    ${CONNINFO_PARTS}
  from pglogical.subscription as s
  left join pglogical.node_interface as i on i.if_id = s.sub_origin_if
  cross join lateral (select i.if_dsn as conninfo) as c
  order by s.sub_name collate "C"`

interface TableRow {
  readonly subscription: string
  readonly schema: string
  readonly name: string
  readonly state: string
  readonly alone: boolean
  readonly aside: boolean
}

const TABLES = `
  select t.sync_subid::text as subscription, t.sync_nspname::text as schema, t.sync_relname::text as name,
    t.sync_status::text as state, t.sync_kind = 'd' as alone, ${IS_ASIDE} as aside
  from pglogical.local_sync_status as t
  where t.sync_relname is not null
  order by t.sync_nspname::text collate "C", t.sync_relname::text collate "C"`

/** Subscriptions of pglogical in this database, in the shape of Postgres' own. Needs the extension. */
export async function readPglogicalSubscriptions(reader: CatalogReader): Promise<readonly Subscription[]> {
  const tables = groupBy(await reader.query<TableRow>(TABLES), (t) => t.subscription)
  const rows = await reader.query<SubscriptionRow>(SUBSCRIPTIONS)
  return rows.map((row) => ({
    name: row.name,
    of: 'pglogical',
    ...(row.uncopied ? { copiesNothing: true } : {}),
    ...(row.copy_begun ? { copyBegun: true } : {}),
    owner: row.owner,
    enabled: row.enabled,
    slotName: row.slot_name,
    origin: row.slot_name,
    publications: row.sets,
    ...optional('connection', parseConninfo(row)),
    tables: (tables.get(row.id) ?? [])
      .filter((t) => !t.aside)
      .map(({ schema, name, state, alone }) => ({
        schema,
        name,
        state: pglogicalSyncState(state),
        ...(alone ? { alone: true as const } : {}),
      })),
    ...aside(tables.get(row.id) ?? []),
    volatile: {
      workerPid: row.worker_pid ?? undefined,
      receivedLsn: undefined,
      latestEndLsn: undefined,
      applyErrors: undefined,
      syncErrors: undefined,
    },
  }))
}

function aside(tables: readonly TableRow[]): Pick<Subscription, 'setAside'> {
  const found = tables.filter((t) => t.aside).map(({ schema, name }) => ({ schema, name }))
  return found.length === 0 ? {} : { setAside: found }
}

/** sync_status: i init, s structure, d data, c constraints, w wait, u catch-up, y done, r ready. */
export function pglogicalSyncState(letter: string): TableSyncState {
  switch (letter) {
    case 'd':
      return 'data'
    case 'c':
    case 'w':
    case 'u':
      return 'finished copy'
    case 'y':
      return 'synchronized'
    case 'r':
      return 'ready'
    default:
      return 'initialize'
  }
}
