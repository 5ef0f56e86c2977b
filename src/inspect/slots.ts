import type { Slot } from '../catalog/replication.js'
import type { CatalogReader } from './catalog-reader.js'
import { optional } from './optional.js'
import { columnOr } from './sql-fragments.js'

interface SlotRow {
  readonly name: string
  readonly plugin: string
  readonly type: string
  readonly database: string
  readonly temporary: boolean
  readonly wal_status: string | null
  readonly active: boolean
  readonly active_pid: number | null
  readonly restart_lsn: string | null
  readonly confirmed_flush_lsn: string | null
  readonly retained: number
}

/** Replication slots of the whole cluster: their names are cluster-wide, and any of them can fill the disk. */
export async function readSlots(reader: CatalogReader): Promise<readonly Slot[]> {
  const rows = await reader.query<SlotRow>(`
    select
      s.slot_name::text as name,
      coalesce(s.plugin::text, '') as plugin,
      s.slot_type as type,
      coalesce(s.database::text, '') as database,
      s.temporary as temporary,
      ${columnOr(reader, 's', 'pg_replication_slots', 'wal_status', 'null')}::text as wal_status,
      s.active as active,
      s.active_pid as active_pid,
      s.restart_lsn::text as restart_lsn,
      s.confirmed_flush_lsn::text as confirmed_flush_lsn,
      greatest(coalesce(pg_catalog.pg_wal_lsn_diff(p.lsn, s.restart_lsn), 0), 0)::float8 as retained
    from pg_catalog.pg_replication_slots as s
    cross join (
      select case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
        else pg_catalog.pg_current_wal_insert_lsn() end as lsn) as p
    order by s.slot_name collate "C"`)
  return rows.map((row) => ({
    name: row.name,
    plugin: row.plugin,
    type: row.type === 'physical' ? 'physical' : 'logical',
    database: row.database,
    temporary: row.temporary,
    ...optional('walStatus', row.wal_status),
    volatile: {
      active: row.active,
      activePid: row.active_pid ?? undefined,
      restartLsn: row.restart_lsn ?? undefined,
      confirmedFlushLsn: row.confirmed_flush_lsn ?? undefined,
      retainedBytes: row.retained,
    },
  }))
}
