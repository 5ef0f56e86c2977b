import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BeltError } from '../../../src/core/error.js'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { withConnection } from '../../../src/postgres/connect.js'
import type { ConnectionSettings } from '../../../src/postgres/connection-settings.js'
import { SqlError } from '../../../src/postgres/server-error.js'
import type { TlsMode, TlsSettings } from '../../../src/spec/spec.js'
import { psqlFor } from '../../support/debian.js'
import { sql } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { errorOf, noSignal, settingsFor } from './settings.js'

const certificate = (name: string): string => path.join(import.meta.dirname, 'certificates', name)
const pem = (name: string): Promise<string> => readFile(certificate(name), 'utf8')
const run = promisify(execFile)

const USERS = ['anyhow', 'tls_only', 'plain_only'] as const
const MODES: readonly TlsMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']
const HBA = `
host all postgres 127.0.0.1/32 scram-sha-256
host all anyhow 127.0.0.1/32 scram-sha-256
hostssl all tls_only 127.0.0.1/32 scram-sha-256
hostnossl all plain_only 127.0.0.1/32 scram-sha-256
hostssl all cert_user 127.0.0.1/32 cert
`

type Outcome = 'encrypted' | 'plain' | 'refused'

async function attempt(settings: ConnectionSettings): Promise<Outcome> {
  try {
    const { ssl } = await withConnection(settings, noSignal(), (session) =>
      session.one<{ ssl: boolean }>(
        'select s.ssl from pg_catalog.pg_stat_ssl as s where s.pid = pg_catalog.pg_backend_pid()',
      ),
    )
    return ssl ? 'encrypted' : 'plain'
  } catch (error) {
    if (error instanceof BeltError) return 'refused'
    throw error
  }
}

/** The same attempt by libpq, as the judge of what the mode means. */
async function attemptByLibpq(psql: string, settings: ConnectionSettings, password: string): Promise<Outcome> {
  const { tls } = settings
  const conninfo = `host=${settings.host} port=${String(settings.port)} user=${settings.user} dbname=${settings.database} sslmode=${tls.mode} sslrootcert=${tls.ca ?? '/nonexistent'} gssencmode=disable`
  const query = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'
  try {
    const { stdout } = await run(psql, ['-XAt', '-d', conninfo, '-c', query], {
      env: { PGPASSWORD: password, PATH: process.env['PATH'], HOME: '/nonexistent' },
    })
    return stdout.trim() === 't' ? 'encrypted' : 'plain'
  } catch {
    return 'refused'
  }
}

interface Case {
  readonly server: 'named' | 'addressed' | 'plain'
  readonly host: string
  readonly user: (typeof USERS)[number]
  readonly tls: TlsSettings
}

function cases(): readonly Case[] {
  const places = [
    ['named', 'localhost'],
    ['named', '127.0.0.1'],
    ['addressed', '127.0.0.1'],
    ['addressed', 'localhost'],
    ['plain', '127.0.0.1'],
  ] as const
  const authorities = [undefined, 'ca.crt', 'other-ca.crt'] as const
  return places.flatMap(([server, host]) =>
    MODES.flatMap((mode) =>
      authorities
        // belt's verify-full without a file trusts the system's roots, where libpq looks for ~/.postgresql/root.crt:
        // both refuse a private authority.
        .flatMap((ca) =>
          USERS.map((user) => ({
            server,
            host,
            user,
            tls: ca === undefined ? { mode } : { mode, ca: certificate(ca) },
          })),
        ),
    ),
  )
}

describe('the sslmodes', () => {
  const servers = new Map<Case['server'], EmbeddedServer>()
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'belt-tls-'))
    const tls = async (name: string) => ({ certificate: await pem(`${name}.crt`), key: await pem(`${name}.key`) })
    servers.set(
      'named',
      await ownServer({ major: 12, hba: HBA, tls: { ...(await tls('localhost')), ca: await pem('ca.crt') } }),
    )
    servers.set(
      'addressed',
      await ownServer({ major: 17, hba: HBA, tls: { ...(await tls('address')), ca: await pem('ca.crt') } }),
    )
    servers.set('plain', await ownServer({ major: 17, hba: HBA }))
    for (const server of servers.values()) {
      for (const user of [...USERS, 'cert_user']) {
        // Over TLS or not: postgres itself may come either way.
        await sql({ ...server, database: 'postgres' }, `create role ${user} login password 'tls-test-password'`)
      }
    }
  })
  afterAll(async () => {
    for (const server of servers.values()) await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  function settings(one: Case): ConnectionSettings {
    const server = servers.get(one.server)
    if (server === undefined) throw new Error(`no server ${one.server}`)
    const login = {
      host: one.host,
      port: server.port,
      user: one.user,
      password: 'tls-test-password',
      database: 'postgres',
    }
    return settingsFor(login, { tls: one.tls })
  }

  test('end as in libpq for every mode, authority, kind of server and pg_hba line', async () => {
    const psql = await psqlFor(17)
    const ours: string[] = []
    const libpqs: string[] = []
    for (const one of cases()) {
      const name = `${one.server} ${one.host} ${one.user} ${one.tls.mode} ${path.basename(one.tls.ca ?? '-')}`
      ours.push(`${name}: ${await attempt(settings(one))}`)
      libpqs.push(`${name}: ${await attemptByLibpq(psql, settings(one), 'tls-test-password')}`)
    }
    expect(ours).toEqual(libpqs)
    for (const outcome of ['encrypted', 'plain', 'refused'])
      expect(ours.some((line) => line.endsWith(outcome))).toBe(true)
  })

  test.each([
    ['tls-not-supported', 'plain', '127.0.0.1', { mode: 'require' }],
    ['tls-name-mismatch', 'named', '127.0.0.1', { mode: 'verify-full', ca: certificate('ca.crt') }],
    ['tls-verify-failed', 'named', 'localhost', { mode: 'require', ca: certificate('other-ca.crt') }],
    ['tls-verify-failed', 'named', 'localhost', { mode: 'verify-full' }],
    ['tls-verify-failed', 'named', 'localhost', { mode: 'verify-full', ca: 'system' }],
    ['tls-weak-mode', 'named', 'localhost', { mode: 'require', ca: 'system' }],
    ['tls-ca-missing', 'named', 'localhost', { mode: 'verify-ca' }],
    ['tls-file', 'named', 'localhost', { mode: 'verify-ca', ca: '/nonexistent/ca.crt' }],
    ['tls-file', 'named', 'localhost', { mode: 'verify-ca', ca: certificate('make.sh') }],
    ['tls-client-cert', 'named', 'localhost', { mode: 'require', cert: certificate('client.crt') }],
  ] as const)('%s is told by code with a next step', async (code, server, host, tls) => {
    const error = await errorOf(
      withConnection(settings({ server, host, user: 'anyhow', tls }), noSignal(), () => Promise.resolve()),
    )
    expect([(error as BeltError).code, (error as BeltError).message]).toEqual([code, expect.any(String)])
    expect(code.startsWith('tls-file') || code === 'tls-client-cert' || (error as BeltError).hint !== undefined).toBe(
      true,
    )
  })

  test('a login that only TLS or only plain text may make is refused with its SQLSTATE', async () => {
    const error = await errorOf(
      withConnection(
        settings({ server: 'named', host: 'localhost', user: 'tls_only', tls: { mode: 'disable' } }),
        noSignal(),
        () => Promise.resolve(),
      ),
    )
    expect(error).toBeInstanceOf(SqlError)
    expect((error as SqlError).code).toBe('login-refused')
    expect((error as SqlError).sqlState).toBe('28000')
  })

  test('a client certificate logs in, unless others can read its key', async () => {
    const key = path.join(folder, 'client.key')
    await copyFile(certificate('client.key'), key)
    await chmod(key, 0o600)
    const { password: _password, ...login } = settings({
      server: 'named',
      host: 'localhost',
      user: 'anyhow',
      tls: { mode: 'verify-full', ca: certificate('ca.crt'), cert: certificate('client.crt'), key },
    })
    expect(await attempt({ ...login, user: 'cert_user' })).toBe('encrypted')
    await chmod(key, 0o644)
    const error = await errorOf(withConnection({ ...login, user: 'cert_user' }, noSignal(), () => Promise.resolve()))
    expect((error as BeltError).code).toBe('tls-key-permissions')
  })
})
