import type { LoginProbe } from '../../catalog/login-probe.js'
import type { LoginResult } from '../../postgres/credentials.js'

/** What a login that was tried says of a role's password. */
export const LOGINS: Readonly<Record<LoginResult, LoginProbe>> = {
  ok: 'ok',
  'wrong-password': 'wrong-password',
  'password-missing': 'wrong-password',
  expired: 'wrong-password',
  'role-missing': 'no-such-role',
  'no-login': 'not-allowed',
  'not-allowed': 'not-allowed',
  'connect-denied': 'not-allowed',
  'database-missing': 'unknown',
}
