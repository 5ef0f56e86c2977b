import { REPLAY_SETTINGS } from '../catalog/replay-settings.js'
import type { SqlValue } from './session.js'

/** The settings of belt's sessions that a caller may want different; milliseconds, 0 for no limit. */
export interface SessionLimits {
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
  readonly idleInTransactionTimeoutMs?: number
  readonly transactionTimeoutMs?: number
}

/**
 * What every session of belt sets for itself, for a database or role may have any of these set to something that
 * stops belt, hides rows or changes what the server prints (correctness rules 1 and 2).
 */
export function sessionSettings(limits: SessionLimits): readonly (readonly [name: string, value: string])[] {
  const ms = (value: number | undefined): string => `${value ?? 0}ms`
  return [
    ['statement_timeout', ms(limits.statementTimeoutMs)],
    ['lock_timeout', ms(limits.lockTimeoutMs)],
    ['idle_in_transaction_session_timeout', ms(limits.idleInTransactionTimeoutMs)],
    ['idle_session_timeout', '0'], // from 14
    ['transaction_timeout', ms(limits.transactionTimeoutMs)], // from 17
    // Should belt's machine vanish, the server ends the session, and with it the run lock, after about 40 s.
    ['tcp_keepalives_idle', '10'],
    ['tcp_keepalives_interval', '10'],
    ['tcp_keepalives_count', '3'],
    // An empty search_path also means pg_catalog alone: nobody's function can stand in for a built-in one.
    ...Object.entries(REPLAY_SETTINGS),
    ['default_transaction_read_only', 'off'],
    ['default_transaction_isolation', 'read committed'],
    ['default_transaction_deferrable', 'off'],
    ['synchronous_commit', 'on'],
    ['session_replication_role', 'origin'], // superuser; a role setting of `replica` would skip triggers
    ['client_encoding', 'UTF8'],
    ['transform_null_equals', 'off'],
    ['TimeZone', 'UTC'],
    ['DateStyle', 'ISO, MDY'],
    ['IntervalStyle', 'postgres'],
    ['extra_float_digits', '3'], // from 12: shortest text that reads back as the same number
    ['bytea_output', 'hex'],
    ['quote_all_identifiers', 'off'], // changes what pg_get_viewdef and its kin print
    ['lc_messages', 'C'], // superuser; messages are for people, belt decides by SQLSTATE
    ['client_min_messages', 'warning'],
    ['jit', 'off'], // catalog queries have high estimated and low real cost
  ]
}

export interface PreparedRow {
  readonly pid: number
  readonly version: number
  readonly applied: number
}

/**
 * One statement, after the connection stands: start-up `options` are refused by poolers. Settings that this version
 * does not know, or that this user may not set, are left out by joining pg_settings.
 */
export const PREPARE_SESSION = `
  with wanted (name, value) as (
    select * from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as u
  ), applied as (
    select pg_catalog.set_config(s.name, w.value, false) as value
    from wanted as w
    join pg_catalog.pg_settings as s on pg_catalog.lower(s.name) = pg_catalog.lower(w.name)
    where s.context = 'user'
      or (s.context = 'superuser' and pg_catalog.current_setting('is_superuser') = 'on')
  )
  select
    pg_catalog.pg_backend_pid()::int4 as pid,
    pg_catalog.current_setting('server_version_num')::int4 as version,
    (select pg_catalog.count(a.value)::int4 from applied as a) as applied`

export function prepareValues(limits: SessionLimits): readonly SqlValue[] {
  const settings = sessionSettings(limits)
  return [settings.map(([name]) => name), settings.map(([, value]) => value)]
}
