import { cancelBackend } from './cancel.js'
import { ClientSession } from './client-session.js'
import { type ConnectionSettings, describeEndpoint } from './connection-settings.js'
import { connectionLost, translateError } from './driver-error.js'
import { closeClient, openClient } from './open-client.js'
import { prepareSession } from './prepare-session.js'
import { SecretRegistry } from './redact.js'
import type { Session } from './session.js'
import type { SessionLimits } from './session-settings.js'

export interface ConnectOptions extends SessionLimits {
  /** How long a cancelled statement may take to end after the signal fired, before belt hangs up; 10,000 ms. */
  readonly cancelGraceMs?: number
}

/**
 * Opens a session, prepares it, lends it to `use` and closes it whatever happens. When `signal` fires, the running
 * statement is cancelled on the server and later ones fail with `aborted`; `session.rollback()` still works.
 *
 * Errors: ConnectError (`connect-failed`, `connect-timeout`, `tls-…`, `password-missing`), SqlError with a login code
 * (`wrong-password`, `login-refused`, `database-missing`, `connect-denied`, `too-many-connections`,
 * `server-not-ready`), and whatever `use` throws.
 */
export async function withConnection<Result>(
  settings: ConnectionSettings,
  signal: AbortSignal,
  use: (session: Session) => Promise<Result>,
  options: ConnectOptions = {},
): Promise<Result> {
  const secrets = settings.secrets ?? new SecretRegistry()
  const redact = (text: string): string => secrets.redact(text)
  const endpoint = describeEndpoint(settings)
  const client = await openClient(settings, secrets, signal)
  const lost = new AbortController()
  let closing = false
  const lose = (reason: unknown): void => {
    if (!closing && !lost.signal.aborted) lost.abort(connectionLost(endpoint, reason))
  }
  client.on('error', (error) => lose(translateError(error, { endpoint, redact })))
  client.on('end', () => lose('the server closed it'))
  let hangUp: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    hangUp = setTimeout(() => client.connection.stream.destroy(), options.cancelGraceMs ?? 10_000)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const prepared = await prepareSession(client, options).catch((error: unknown) => {
      throw translateError(error, { endpoint, redact })
    })
    const session = new ClientSession({
      client,
      pid: prepared.pid,
      serverVersion: prepared.version,
      endpoint,
      redact,
      signal,
      lost: lost.signal,
      cancel: (pid) => cancelBackend(settings, secrets, pid),
    })
    return await use(session)
  } finally {
    closing = true
    clearTimeout(hangUp)
    signal.removeEventListener('abort', onAbort)
    await closeClient(client)
  }
}
