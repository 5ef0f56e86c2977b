import { Secret } from '../../../src/core/secret.js'
import type { ConnectionSettings } from '../../../src/postgres/connection-settings.js'
import type { Login } from '../../support/databases.js'

/** The settings of a test's login: unencrypted, as the shared servers are. */
export function settingsFor(login: Login, more: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    host: login.host,
    port: login.port,
    database: login.database,
    user: login.user,
    password: () => Promise.resolve(new Secret(login.password)),
    tls: { mode: 'disable' },
    applicationName: 'belt/test/1',
    ...more,
  }
}

/** A signal that never fires. */
export function noSignal(): AbortSignal {
  return new AbortController().signal
}

/** The error that a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  const marker = Symbol('no error')
  const outcome: unknown = await promise.then(
    () => marker,
    (error: unknown) => error,
  )
  if (outcome === marker) throw new Error('expected a failure, and there was none')
  return outcome
}
