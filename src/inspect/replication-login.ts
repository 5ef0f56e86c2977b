import type { Catalog } from '../catalog/catalog.js'
import type { LoginProbe } from '../catalog/login-probe.js'
import { canLogIn } from '../postgres/credentials.js'
import type { BothSides } from './both-sides.js'
import { LOGINS } from './streams/logins.js'

/** Tries the replication role's password where the role exists: another operator may have given it another one. */
export async function probeReplicationLogin(
  sides: BothSides,
  catalog: Pick<Catalog, 'roles' | 'side'>,
  signal: AbortSignal,
): Promise<LoginProbe> {
  const { name, password } = sides.input.spec.roles.replication
  if (!catalog.roles.some((r) => r.name === name)) return 'no-such-role'
  const { resolveSecret } = sides.input
  const settings = { ...sides.settings[catalog.side], user: name, password: () => resolveSecret(password) }
  return LOGINS[await canLogIn(settings, signal, sides.sessions[catalog.side])]
}
