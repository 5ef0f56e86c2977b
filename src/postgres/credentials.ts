import { withConnection } from './connect.js'
import type { ConnectionSettings } from './connection-settings.js'
import { ConnectError } from './driver-error.js'
import { SqlError } from './server-error.js'
import type { Session } from './session.js'
import { SQLSTATE } from './sqlstate.js'

/** What came of trying a login (rule 21: belt logs in with what the spec gives and changes no password silently). */
export type LoginResult =
  | 'ok'
  | 'wrong-password'
  /** The server asks for a password and the settings have none. */
  | 'password-missing'
  | 'role-missing'
  /** The role is there and NOLOGIN. */
  | 'no-login'
  /** Its password's VALID UNTIL has passed. */
  | 'expired'
  /** No line of pg_hba.conf lets it in from here (or the server cannot tell that from `role-missing` or `no-login`). */
  | 'not-allowed'
  /** CONNECT on the database is not granted. */
  | 'connect-denied'
  | 'database-missing'

/**
 * Tries to log in. The server answers a missing role, a NOLOGIN role and a line of pg_hba.conf with the same SQLSTATE,
 * and with SCRAM a missing role and a wrong password too: `admin`, a session on the same cluster, tells them apart.
 * Errors that say nothing about the login (network, TLS, too many connections) are thrown.
 */
export async function canLogIn(
  settings: ConnectionSettings,
  signal: AbortSignal,
  admin?: Session,
): Promise<LoginResult> {
  try {
    return await withConnection(settings, signal, () => Promise.resolve('ok'))
  } catch (error) {
    const result = resultOf(error)
    if (result === undefined) throw error
    const unclear = result === 'wrong-password' || result === 'not-allowed'
    return unclear && admin !== undefined ? ((await explain(admin, settings.user)) ?? result) : result
  }
}

function resultOf(error: unknown): LoginResult | undefined {
  if (error instanceof ConnectError && error.code === 'password-missing') return 'password-missing'
  if (!(error instanceof SqlError)) return undefined
  switch (error.sqlState) {
    case SQLSTATE.invalidPassword:
      return 'wrong-password'
    case SQLSTATE.invalidAuthorization:
      return 'not-allowed'
    case SQLSTATE.insufficientPrivilege:
      return 'connect-denied'
    case SQLSTATE.invalidCatalogName:
      return 'database-missing'
    default:
      return undefined
  }
}

async function explain(admin: Session, user: string): Promise<LoginResult | undefined> {
  const [role] = await admin.query<{ canLogIn: boolean; expired: boolean }>(
    `select
       r.rolcanlogin as "canLogIn",
       coalesce(r.rolvaliduntil < pg_catalog.clock_timestamp(), false) as expired
     from pg_catalog.pg_roles as r
     where r.rolname = $1::name`,
    [user],
  )
  if (role === undefined) return 'role-missing'
  if (!role.canLogIn) return 'no-login'
  return role.expired ? 'expired' : undefined
}
