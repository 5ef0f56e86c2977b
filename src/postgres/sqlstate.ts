/** SQLSTATEs that belt decides by, each with the reason it matters. */
export const SQLSTATE = {
  /** A concurrent transaction changed what ours read; run it again. */
  serializationFailure: '40001',
  /** Postgres ended our transaction to break a cycle of waiters; run it again. */
  deadlockDetected: '40P01',
  /** lock_timeout passed (or NOWAIT): somebody holds the lock; try again later. */
  lockNotAvailable: '55P03',
  /** The object is being used (a slot that is active, a database with sessions). */
  objectInUse: '55006',
  /** An option or role setting that the state of the object forbids, e.g. a setting that needs a restart. */
  objectNotInPrerequisiteState: '55000',
  /** The server is starting, stopping or recovering. */
  cannotConnectNow: '57P03',
  /** max_connections, a database's or a role's connection limit is used up. */
  tooManyConnections: '53300',
  diskFull: '53100',
  /** pg_cancel_backend, statement_timeout or a recovery conflict ended the statement. */
  queryCanceled: '57014',
  /** pg_terminate_backend or a fast shutdown ended the session. */
  adminShutdown: '57P01',
  /** Another backend crashed; every session is closed and the server recovers. */
  crashShutdown: '57P02',
  /** The database of this session was dropped. */
  databaseDropped: '57P04',
  idleSessionTimeout: '57P05',
  /** idle_in_transaction_session_timeout (25P03) closed the session. */
  idleInTransactionTimeout: '25P03',
  /** transaction_timeout (from 17) closed the session. */
  transactionTimeout: '25P04',
  /** Wrong password, and with SCRAM or md5 also a role that does not exist: the server does not tell. */
  invalidPassword: '28P01',
  /** No pg_hba.conf line lets this login in, the role is NOLOGIN, or (trust, peer, cert) the role is missing. */
  invalidAuthorization: '28000',
  /** The database to connect to does not exist. */
  invalidCatalogName: '3D000',
  /** Missing right, at login: CONNECT on the database. */
  insufficientPrivilege: '42501',
  /** Also what SET ROLE says of a role that does not exist. */
  invalidParameterValue: '22023',
  undefinedTable: '42P01',
  undefinedObject: '42704',
  undefinedFunction: '42883',
  duplicateObject: '42710',
  duplicateTable: '42P07',
} as const

export type SqlState = (typeof SQLSTATE)[keyof typeof SQLSTATE]

/**
 * - `retryable`: the same statement may succeed later on the same or a new session;
 * - `connection-lost`: the session is gone, and whether its last statement took effect is unknown: probe first;
 * - `permanent`: it fails again until somebody changes something.
 */
export type FailureClass = 'retryable' | 'connection-lost' | 'permanent'

const RETRYABLE: ReadonlySet<string> = new Set([
  SQLSTATE.serializationFailure,
  SQLSTATE.deadlockDetected,
  SQLSTATE.lockNotAvailable,
  SQLSTATE.cannotConnectNow,
  SQLSTATE.tooManyConnections,
])

const SESSION_ENDED: ReadonlySet<string> = new Set([
  SQLSTATE.adminShutdown,
  SQLSTATE.crashShutdown,
  SQLSTATE.databaseDropped,
  SQLSTATE.idleSessionTimeout,
  SQLSTATE.idleInTransactionTimeout,
  SQLSTATE.transactionTimeout,
])

export function classifySqlState(sqlState: string): FailureClass {
  if (RETRYABLE.has(sqlState)) return 'retryable'
  // Class 08, connection exception: also what poolers and proxies answer when the server behind them is gone.
  if (SESSION_ENDED.has(sqlState) || sqlState.startsWith('08')) return 'connection-lost'
  return 'permanent'
}
