import pg from 'pg'
import { BeltError } from '../core/error.js'
import { type ConnectionSettings, describeEndpoint } from './connection-settings.js'
import { ConnectError } from './driver-error.js'
import { failureOf, type Redact, SqlError } from './server-error.js'
import { SQLSTATE } from './sqlstate.js'
import { isTlsError, tlsError } from './tls-error.js'

/** Why no session came about, as a BeltError without secrets. */
export function connectError(error: unknown, settings: ConnectionSettings, redact: Redact): unknown {
  if (error instanceof BeltError) return error
  const endpoint = describeEndpoint(settings)
  if (error instanceof pg.DatabaseError) return loginError(error, endpoint, redact)
  if (!(error instanceof Error)) return error
  if (isTlsError(error)) return tlsError(error, settings, redact)
  return networkError(error, endpoint, settings, redact)
}

const LOGIN_CODES: ReadonlyMap<string, readonly [code: string, hint: string]> = new Map([
  [
    SQLSTATE.invalidPassword,
    ['wrong-password', 'Check the password and the user; the server does not say which is wrong.'],
  ],
  [
    SQLSTATE.invalidAuthorization,
    [
      'login-refused',
      'Check pg_hba.conf for this user, database, address and encryption, and that the role may log in.',
    ],
  ],
  [SQLSTATE.invalidCatalogName, ['database-missing', 'Create the database first, or correct `database`.']],
  [SQLSTATE.insufficientPrivilege, ['connect-denied', 'Grant CONNECT on the database to this user.']],
  [
    SQLSTATE.tooManyConnections,
    ['too-many-connections', 'Close some sessions or raise the limit of the server, database or role.'],
  ],
  [
    SQLSTATE.cannotConnectNow,
    ['server-not-ready', 'The server is starting, stopping or recovering: try again shortly.'],
  ],
])

function loginError(error: pg.DatabaseError, endpoint: string, redact: Redact): SqlError {
  const failure = failureOf(error, undefined, redact)
  const [code, hint] = LOGIN_CODES.get(failure.sqlState) ?? ['connect-failed', failure.hint]
  return new SqlError(
    code,
    `cannot connect to ${endpoint}: ${failure.message} (SQLSTATE ${failure.sqlState})`,
    failure,
    hint,
  )
}

/** Name resolution says so for good; a refused or silent port may be a server that restarts. */
const LASTING: ReadonlySet<string> = new Set(['ENOTFOUND', 'EINVAL', 'EACCES', 'ENOENT'])

function networkError(error: Error, endpoint: string, settings: ConnectionSettings, redact: Redact): ConnectError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (error.message === 'timeout expired') {
    return new ConnectError('connect-timeout', `no answer from ${endpoint} in time`, {
      hint: 'Check host, port and that the network lets this machine through.',
      transient: true,
    })
  }
  // Node tries all addresses of a name and then throws an error without a message of its own.
  const parts = error instanceof AggregateError ? error.errors.filter((e) => e instanceof Error) : [error]
  const why = parts.map((part) => redact(part.message)).join('; ')
  return new ConnectError('connect-failed', `cannot connect to ${endpoint}: ${why}`, {
    hint:
      code === 'ENOTFOUND'
        ? `The name ${settings.host} does not resolve on this machine.`
        : 'Check host, port and that the server accepts TCP connections (listen_addresses).',
    transient: code === undefined || !LASTING.has(code),
  })
}
