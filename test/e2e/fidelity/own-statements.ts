/**
 * Statements of belt that stand in no plan, each with why none of them changes a database. Everything else that is not
 * reading must stand in the plan.
 */
export const OWN: readonly RegExp[] = [
  // The frame of a transaction; what it holds stands in the plan.
  /^begin isolation level (?:read committed|repeatable read|serializable), read (?:write|only)(?:, deferrable)?$/,
  /^commit$/i,
  /^rollback$/i,
  // Looks at what this user or server may not have; the transaction is rolled back or only read.
  /^(?:savepoint|release savepoint|rollback to savepoint) belt_attempt$/,
  // Limits of belt's own session for the statement that follows.
  /^set (?:local )?(?:lock_timeout|statement_timeout) = (?:0|'\d+ms')$/,
  /^set client_encoding to 'UTF8'$/,
  // What pg_dump sets for its own session, and the snapshot and locks it reads under.
  /^BEGIN$/,
  /^SET (?:DATESTYLE|INTERVALSTYLE|extra_float_digits|synchronize_seqscans|statement_timeout|lock_timeout|idle_in_transaction_session_timeout|transaction_timeout|row_security|quote_all_identifiers|TRANSACTION) ?[ =]/i,
  /^SET TRANSACTION (?:ISOLATION LEVEL|SNAPSHOT) /,
  /^LOCK TABLE (?:[^;]+) IN ACCESS SHARE MODE$/,
  /^(?:PREPARE|EXECUTE) \w+/,
  // A message in the log that no subscription asks for: it flushes the log up to a position (verify).
  /^select pg_catalog\.pg_logical_emit_message\(true, 'belt', ''\)/,
]

/** Statements that can only read, but for the functions named below. */
export function isReading(statement: string): boolean {
  const text = statement.trim()
  if (!/^(?:select|with|show|table|values|fetch|declare|close|copy)\b/i.test(text)) return false
  if (/^copy\b/i.test(text)) return /\bto stdout\b/i.test(text)
  return !CHANGING.test(text)
}

/** Functions by which a SELECT changes something that outlives its session. */
const CHANGING =
  /\b(?:pg_create_logical_replication_slot|pg_drop_replication_slot|pg_replication_slot_advance|pg_replication_origin_(?!progress)\w+|pg_logical_emit_message|setval|nextval|lo_\w+|pg_reload_conf|pg_(?:terminate|cancel)_backend|pg_logical_slot_get_\w+|pg_switch_wal)\s*\(/i
