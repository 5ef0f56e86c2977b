import type { ServerFacts } from '../catalog/server.js'
import type { CatalogReader } from './catalog-reader.js'

/** What belt decides by. Names that a version does not know are simply missing from pg_settings. */
const SETTINGS: readonly string[] = [
  'array_nulls',
  'autovacuum',
  'autovacuum_freeze_max_age',
  'block_size',
  'data_checksums',
  'default_table_access_method',
  'default_toast_compression',
  'hot_standby_feedback',
  'idle_in_transaction_session_timeout',
  'idle_replication_slot_timeout',
  'idle_session_timeout',
  'lc_messages',
  'listen_addresses',
  'lock_timeout',
  'log_statement',
  'logical_decoding_work_mem',
  'maintenance_work_mem',
  'max_active_replication_origins',
  'max_connections',
  'max_identifier_length',
  'max_locks_per_transaction',
  'max_logical_replication_workers',
  'max_parallel_maintenance_workers',
  'max_prepared_transactions',
  'max_replication_slots',
  'max_slot_wal_keep_size',
  'max_sync_workers_per_subscription',
  'max_wal_senders',
  'max_worker_processes',
  'output_plugin_libraries',
  'password_encryption',
  'reserved_connections',
  'row_security',
  'server_encoding',
  'session_replication_role',
  'shared_preload_libraries',
  'ssl',
  'standard_conforming_strings',
  'statement_timeout',
  'superuser_reserved_connections',
  'sync_replication_slots',
  'synchronized_standby_slots',
  'synchronous_commit',
  'synchronous_standby_names',
  'track_commit_timestamp',
  'transaction_timeout',
  'wal_level',
  'wal_receiver_timeout',
  'wal_segment_size',
  'wal_sender_timeout',
  'xmloption',
]

/**
 * reset_val, not setting: what a new session gets, for belt's own session sets several of these for itself. Settings
 * that this user may not see (shared_preload_libraries without pg_read_all_settings) are not among the rows, whereas
 * current_setting() would fail. Provider settings are hints which managed service this is.
 */
const READ_SETTINGS = `
  select s.name as name, coalesce(s.reset_val, s.setting) as value
  from pg_catalog.pg_settings as s
  where s.name = any($1::text[]) or s.name ~ '^(rds|cloudsql|azure|alloydb|neon|aurora|supautils)[.]'
  order by s.name collate "C"`

interface ServerRow {
  readonly version: string
  readonly in_recovery: boolean
  readonly system_identifier: string | null
  readonly timeline: number | null
  readonly current_lsn: string
  readonly retained: number
}

/** Version, identity and settings of the server. */
export async function readServer(reader: CatalogReader, pooled: boolean): Promise<ServerFacts> {
  const identifier = reader.callable('pg_catalog.pg_control_system()')
    ? '(select s.system_identifier::text from pg_catalog.pg_control_system() as s)'
    : 'null::text'
  const timeline = reader.callable('pg_catalog.pg_control_checkpoint()')
    ? '(select k.timeline_id::int4 from pg_catalog.pg_control_checkpoint() as k)'
    : 'null::int4'
  // The file's name tells the timeline to everybody; it is refused in recovery.
  const [row] = await reader.query<ServerRow>(`
    select
      pg_catalog.current_setting('server_version') as version,
      r.in_recovery,
      ${identifier} as system_identifier,
      case when r.in_recovery then ${timeline}
        else ('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))::bit(32)::int4
      end as timeline,
      p.lsn::text as current_lsn,
      coalesce((
        select pg_catalog.max(pg_catalog.pg_wal_lsn_diff(p.lsn, s.restart_lsn))
        from pg_catalog.pg_replication_slots as s), 0)::float8 as retained
    from (select pg_catalog.pg_is_in_recovery() as in_recovery) as r
    cross join lateral (
      select case when r.in_recovery then pg_catalog.pg_last_wal_replay_lsn()
        else pg_catalog.pg_current_wal_insert_lsn() end as lsn) as p`)
  if (row === undefined) throw new Error('the server gave no row about itself')
  const settings = await reader.query<{ name: string; value: string }>(READ_SETTINGS, [SETTINGS])
  return {
    versionNumber: reader.version,
    major: Math.floor(reader.version / 10_000),
    version: row.version,
    systemIdentifier: row.system_identifier ?? 'unreadable',
    timeline: row.timeline ?? 0,
    inRecovery: row.in_recovery,
    settings: Object.fromEntries(settings.map((s) => [s.name, s.value])),
    pooled,
    volatile: { walSlotRetainedBytes: row.retained, currentLsn: row.current_lsn },
  }
}
