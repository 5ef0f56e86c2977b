import type { HeldLogin } from '../../catalog/stream-evidence.js'
import { Secret } from '../../core/secret.js'
import { canLogIn } from '../../postgres/credentials.js'
import type { ConnectionSettings } from '../../postgres/connection-settings.js'
import type { SecretRegistry } from '../../postgres/redact.js'
import type { Session } from '../../postgres/session.js'
import { LOGINS } from './logins.js'

interface PairRow {
  readonly key: string
  readonly value: string
}

/** `of` gives the connection string as column conninfo of one row, or no row. The address is not looked at. */
const PAIRS = (of: string): string => `
  select m.pair[1] as key, m.pair[2] as value
  from (${of}) as c
  cross join lateral pg_catalog.regexp_matches(
    c.conninfo, '\\s*([a-z_]+)\\s*=\\s*(''(?:[^''\\\\]|\\\\.)*''|(?:[^\\s''\\\\]|\\\\.)*)', 'g') with ordinality as m (pair, position)
  where c.conninfo !~ '^postgres(ql)?://' and m.pair[1] in ('user', 'password')
  order by m.position`

/**
 * Tries to log in to a server with the name and password that a connection string on another one holds. The password is
 * known to the redactor before it is used and goes nowhere else.
 */
export async function heldLogin(
  holder: Session,
  of: { readonly conninfo: string; readonly name: string },
  at: { readonly settings: ConnectionSettings; readonly session: Session; readonly secrets: SecretRegistry },
  signal: AbortSignal,
): Promise<HeldLogin> {
  const rows = await holder.query<PairRow>(PAIRS(of.conninfo), [of.name])
  const held = new Map(rows.map(({ key, value }) => [key, unquote(value)]))
  const user = held.get('user')
  const text = held.get('password')
  if (user === undefined || text === undefined) return 'unread'
  const password = new Secret(text)
  at.secrets.add(password)
  const settings = { ...at.settings, user, password: () => Promise.resolve(password) }
  return LOGINS[await canLogIn(settings, signal, at.session)]
}

function unquote(value: string): string {
  const inner = value.startsWith("'") ? value.slice(1, -1) : value
  return inner.replace(/\\(.)/gs, '$1')
}
