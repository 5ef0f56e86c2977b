import pg from 'pg'
import { aborted, throwIfAborted } from './aborted.js'
import type { ConnectionSettings } from './connection-settings.js'
import { connectError } from './connect-error.js'
import { ConnectError } from './driver-error.js'
import type { SecretRegistry } from './redact.js'
import { mayFallBack, type TlsAttempt, tlsAttempts } from './tls.js'
import { typeParsers } from './type-parsers.js'

const CONNECT_TIMEOUT_MS = 10_000

/** A connected, logged-in driver client; the caller must close it with closeClient. */
export async function openClient(
  settings: ConnectionSettings,
  secrets: SecretRegistry,
  signal: AbortSignal,
): Promise<pg.Client> {
  const attempts = await tlsAttempts(settings.tls, settings.host)
  const errors: unknown[] = []
  for (const attempt of attempts) {
    try {
      return await openOnce(settings, attempt, secrets, signal)
    } catch (error) {
      errors.push(error)
      if (!mayFallBack(error)) break
    }
  }
  // After a fallback the second failure is the one to mend, unless it only says that this way is closed too.
  throw errors.find((error) => !mayFallBack(error)) ?? errors[0]
}

async function openOnce(
  settings: ConnectionSettings,
  attempt: TlsAttempt,
  secrets: SecretRegistry,
  signal: AbortSignal,
): Promise<pg.Client> {
  throwIfAborted(signal)
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user: settings.user,
    password: () => passwordFor(settings, secrets),
    ssl: attempt.encrypted ? { ...attempt.options } : false,
    sslnegotiation: 'postgres',
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    // A peer that vanished is noticed although a long statement sends nothing.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: typeParsers,
  })
  ignoreEnvironment(client)
  client.on('error', () => undefined)
  const stop = (): void => void client.connection.stream.destroy(aborted(signal))
  signal.addEventListener('abort', stop, { once: true })
  try {
    await client.connect()
    return client
  } catch (error) {
    client.connection.stream.destroy()
    throwIfAborted(signal)
    throw connectError(error, settings, (text) => secrets.redact(text))
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function passwordFor(settings: ConnectionSettings, secrets: SecretRegistry): Promise<string> {
  const secret = await settings.password?.()
  const password = secret?.reveal() ?? ''
  if (secret === undefined || password === '') {
    throw new ConnectError('password-missing', `the server asks for a password of ${settings.user} and none is given`, {
      hint: 'Set `password` to { env: NAME }, { file: PATH } or { command: [...] }.',
      transient: false,
    })
  }
  secrets.add(secret)
  return password
}

/** The driver fills gaps from PGOPTIONS and PGREPLICATION; what the spec says must be all that counts. */
function ignoreEnvironment(client: pg.Client): void {
  const parameters: unknown = Reflect.get(client, 'connectionParameters')
  if (typeof parameters !== 'object' || parameters === null)
    throw new TypeError('the driver has no connectionParameters')
  Reflect.set(parameters, 'options', undefined)
  Reflect.set(parameters, 'replication', undefined)
}

const FAREWELL_MS = 2_000

/** Says goodbye, and hangs up when nobody answers. */
export async function closeClient(client: pg.Client): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), FAREWELL_MS)
  try {
    await client.end()
  } finally {
    clearTimeout(timer)
  }
}
