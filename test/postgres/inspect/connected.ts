import type { Catalog } from '../../../src/catalog/catalog.js'
import type { SchemaScript } from '../../../src/catalog/schema-script.js'
import { Secret } from '../../../src/core/secret.js'
import { inspectDatabase } from '../../../src/inspect/inspect.js'
import { withConnection } from '../../../src/postgres/connect.js'
import type { ConnectionSettings } from '../../../src/postgres/connection-settings.js'
import type { Session } from '../../../src/postgres/session.js'
import type { Login } from '../../support/databases.js'

/** These tests look at the catalogs: the script is somebody else's. */
const NO_SCRIPT: SchemaScript = { objects: [], tool: { kind: 'native', version: '0' } }

export function settingsFor(login: Login, applicationName = 'belt/test/inspect'): ConnectionSettings {
  const { host, port, user, database } = login
  const password = (): Promise<Secret> => Promise.resolve(new Secret(login.password))
  return { host, port, user, database, password, tls: { mode: 'disable' }, applicationName }
}

export function withSession<T>(login: Login, use: (session: Session) => Promise<T>): Promise<T> {
  return withConnection(settingsFor(login), new AbortController().signal, use)
}

/** The database as belt sees it, without its script. */
export function inspect(login: Login): Promise<Catalog> {
  const { signal } = new AbortController()
  return withSession(login, (session) =>
    inspectDatabase(session, { side: 'source' }, () => Promise.resolve(NO_SCRIPT), signal),
  )
}

export function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((item) => item.name === name)
  if (found === undefined) throw new Error(`no ${name} among ${list.map((item) => item.name).join(', ')}`)
  return found
}

/** The same value without these keys, however deep. */
export function without(value: unknown, ...keys: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (keys.includes(key) ? undefined : inner)))
}
