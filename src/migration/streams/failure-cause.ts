import type { WorkerFailure } from '../../catalog/stream-evidence.js'

/** What kind of thing stops a subscription; what can be done about it follows from this. */
export type CauseKind =
  'password' | 'address' | 'slot' | 'plugin' | 'limit' | 'column' | 'table' | 'row' | 'disk' | 'right' | 'other'

/** By the server's English words; SQLSTATE decides first, where the log has it. */
const WORDS: readonly (readonly [CauseKind, RegExp])[] = [
  ['password', /password authentication failed|no password supplied/],
  [
    'address',
    /pg_hba\.conf|could not translate host name|connection refused|timeout expired|no route to host|server closed the connection|data stream ended|certificate|SSL/i,
  ],
  ['plugin', /may not be used as an output plugin|could not access file "(?:pglogical_output|pgoutput)"/],
  [
    'limit',
    /all replication slots are in use|max_wal_senders|max_replication_slots|too many connections|out of (?:logical replication|background) worker slots|background worker slots are already used|worker registration failed|remaining connection slots/,
  ],
  [
    'slot',
    /replication slot "[^"]*" (?:does not exist|is active)|can no longer (?:get changes from|access) replication slot|requested WAL segment .* removed/,
  ],
  [
    'column',
    /missing replicated column|column "[^"]*" .*does not exist|incompatible (?:tupdesc|attribute)|unknown column|extra data after last expected column/,
  ],
  [
    'table',
    /target relation "[^"]*" does not exist|relation "[^"]*" does not exist|could not find (?:local )?relation/,
  ],
  [
    'row',
    /violates (?:unique|check|exclusion|foreign key|not-null) constraint|duplicate key value|cannot apply conflicting row|violates row-level security|invalid input syntax|value too long/,
  ],
  ['disk', /no space left on device|could not extend file|disk full/i],
  ['right', /permission denied|must be (?:owner|superuser)|row-level security/],
]

const STATES: readonly (readonly [CauseKind, RegExp])[] = [
  ['password', /^28P01/],
  ['row', /^(?:23|22)/],
  ['disk', /^53100/],
  ['right', /^42501/],
  ['limit', /^53[34]/],
]

export function kindOfFailure({ sqlState, message }: WorkerFailure): CauseKind {
  // A refused connection carries the state of the subscriber's own error, its words those of the other server.
  const byWords = WORDS.find(([, pattern]) => pattern.test(message))?.[0]
  if (byWords !== undefined) return byWords
  return STATES.find(([, pattern]) => pattern.test(sqlState ?? ''))?.[0] ?? 'other'
}
