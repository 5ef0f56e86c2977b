import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { quoteIdent } from '../../src/core/quote.js'
import type { TestServer } from './servers.js'

/** Where a test connects to: passes as pg's client configuration. */
export interface Login {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** A database of one test, seen by the superuser. */
export interface TestDatabase extends Login {
  readonly server: TestServer
}

export type Row = Readonly<Record<string, unknown>>

/** `prefix_1a2b3c4d`, at most 63 bytes: for everything that belongs to a whole server. */
export function uniqueName(prefix: string): string {
  let kept = prefix
  while (Buffer.byteLength(kept) > 54) kept = Array.from(kept).slice(0, -1).join('')
  return `${kept}_${randomBytes(4).toString('hex')}`
}

/** A new empty database, named after `name` (any text) with a random ending; it goes when its server goes. */
export async function freshDatabase(server: TestServer, name = 't'): Promise<TestDatabase> {
  const database = uniqueName(name)
  await sql(databaseOf(server, 'postgres'), `create database ${quoteIdent(database)} template template0`)
  return databaseOf(server, database)
}

/** A database that exists already, seen by the superuser. */
export function databaseOf(server: TestServer, database: string): TestDatabase {
  const { host, port, user, password } = server
  return { server, host, port, user, password, database }
}

/** Settings of a database or role must not end what a test itself does: on a busy machine anything takes long. */
const UNLIMITED = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']

function startOptions(login: Login): string {
  const young = 'server' in login && (login as TestDatabase).server.major >= 17
  return [...UNLIMITED, ...(young ? ['transaction_timeout'] : [])].map((name) => `-c ${name}=0`).join(' ')
}

/** Runs `use` with a connection that is closed afterwards, whatever happens. */
export async function withClient<T>(login: Login, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, user, password, database } = login
  const options = startOptions(login)
  const client = new pg.Client({ host, port, user, password, database, options, application_name: 'belt-test' })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Runs one statement (or several without `values`); the rows of the last. */
export async function sql<R extends Row = Row>(
  login: Login,
  text: string,
  values?: readonly unknown[],
): Promise<readonly R[]> {
  return withClient(login, async (client) => {
    // Several statements make pg return an array of results, which its types do not say.
    const result: unknown = await client.query(text, values === undefined ? undefined : [...values])
    const last = (Array.isArray(result) ? result.at(-1) : result) as pg.QueryResult<R>
    return last.rows
  })
}
