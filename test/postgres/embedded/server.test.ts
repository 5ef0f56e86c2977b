import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { BeltError } from '../../../src/core/error.js'
import { startServer, type EmbeddedServer, type StartOptions } from '../../../src/embedded/server.js'
import { stopKeptServer } from '../../../src/embedded/stop-kept.js'
import { EMBEDDED_MAJORS } from '../../../src/embedded/versions.js'
import { makeAuthority } from '../../support/certificates.js'
import { databaseOf, freshDatabase, sql } from '../../support/databases.js'
import { processesIn } from '../../support/leaks.js'
import { builtBelt } from '../../support/run-belt.js'
import { sharedServer } from '../../support/servers.js'
import { ownTemporaryFolder } from '../../support/temporary-folder.js'

async function start(options: StartOptions): Promise<EmbeddedServer> {
  const server = await startServer(options)
  onTestFinished(() => server.stop())
  return server
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

test.each(EMBEDDED_MAJORS)('a server of major %i can publish, knows C.UTF-8 and wants a password', async (major) => {
  const server = await start({ major })
  const database = databaseOf(server, 'postgres')
  const rows = await sql(
    database,
    `select pg_catalog.current_setting('server_version_num')::int / 10000 as major,
            pg_catalog.current_setting('wal_level') as wal_level,
            pg_catalog.current_setting('password_encryption') as password_encryption,
            (select datcollate || ' ' || pg_catalog.pg_encoding_to_char(encoding)
             from pg_catalog.pg_database where datname = 'template1') as locale`,
  )
  expect(rows).toEqual([{ major, wal_level: 'logical', password_encryption: 'scram-sha-256', locale: 'C.UTF-8 UTF8' }])
  const wrong = await errorOf(sql({ ...database, password: 'wrong' }, 'select 1'))
  expect(wrong).toMatchObject({ code: '28P01' })
})

test('what was committed before a kill -9 is there after a restart, on the same port, with new settings', async () => {
  const server = await start({ major: 16, settings: { fsync: 'on' } })
  const database = await freshDatabase(server, 'Kept "name"')
  await sql(database, 'create table public.kept as select 7 as n')
  await server.kill9()
  expect(await errorOf(sql(database, 'select 1'))).toMatchObject({ code: 'ECONNREFUSED' })
  await server.restart({ work_mem: '7MB', application_name: `it's a \\ name` })
  expect(await sql(database, `select n, pg_catalog.current_setting('work_mem') as mem from public.kept`)).toEqual([
    { n: 7, mem: '7MB' },
  ])
  const conf = await readFile(path.join(server.dataDir, 'postgresql.conf'), 'utf8')
  expect(conf).toContain(`application_name = 'it''s a \\\\ name'`)
})

test('stop ends every process and removes the temporary folder, also when called twice', async () => {
  const server = await startServer({ major: 17 })
  await server.stop()
  await server.stop()
  expect(await processesIn(server.dataDir, 0)).toEqual([])
  expect(await errorOf(stat(server.folder))).toMatchObject({ code: 'ENOENT' })
})

/** A child process that starts a server and is killed, as by kill -9, once the server runs. */
async function killedStarter(options: string, then = ''): Promise<KilledStarter> {
  const module = path.join(await builtBelt(), 'embedded/server.js')
  const script = path.join(await mkdtemp(path.join(os.tmpdir(), 'killed-')), 'start.mjs')
  await writeFile(
    script,
    `import { startServer } from ${JSON.stringify(module)}
     const server = await startServer(${options})
     ${then}
     console.log(JSON.stringify({ ...server, running: true }))
     setInterval(() => {}, 1000)`,
  )
  const belt = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(belt.stdout.setEncoding('utf8'), 'data')) as [string]
  const server = JSON.parse(line) as KilledStarter
  expect(await processesIn(server.folder, 0)).not.toEqual([])
  belt.kill('SIGKILL')
  await once(belt, 'close')
  return server
}

type KilledStarter = Omit<EmbeddedServer, 'stop' | 'kill9' | 'restart' | 'keep'>

test('a server does not outlive a belt that is killed', async () => {
  const { folder } = await killedStarter('{ major: 17 }')
  expect(await processesIn(folder, 60_000)).toEqual([])
  await expect.poll(() => errorOf(stat(folder))).toMatchObject({ code: 'ENOENT' })
})

test('a server that is kept does, until it is stopped by its folder', async () => {
  const server = await killedStarter('{ major: 17 }', 'await server.keep()')
  await delay(500)
  expect(await sql(databaseOf(server, 'postgres'), 'select 1 as n')).toEqual([{ n: 1 }])
  expect(await stopKeptServer(server.folder)).toBe(true)
  expect(await processesIn(server.dataDir, 0)).toEqual([])
  expect(await errorOf(stat(server.folder))).toMatchObject({ code: 'ENOENT' })
  expect(await errorOf(stopKeptServer(os.tmpdir()))).toMatchObject({ code: 'embedded-folder-unknown' })
})

test('a folder of the caller stays after stop, and must be empty before', async () => {
  const folder = path.join(os.tmpdir(), 'own folder')
  const server = await startServer({ major: 17, folder })
  await server.stop()
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['data', 'server.log']))
  expect(await errorOf(startServer({ major: 17, folder }))).toMatchObject({ code: 'embedded-folder-taken' })
})

test('a server speaks TLS with a certificate that its authority vouches for', async () => {
  const authority = await makeAuthority()
  const tls = await authority.issue('localhost', ['DNS:localhost', 'IP:127.0.0.1'])
  const server = await start({ major: 18, tls, hba: 'hostssl all all 127.0.0.1/32 scram-sha-256\n' })
  const { host, port, user, password } = server
  const connect = async (ssl: pg.ClientConfig['ssl']): Promise<unknown> => {
    const client = new pg.Client({ host, port, user, password, database: 'postgres', ssl })
    await client.connect()
    const { rows } = await client.query(
      'select ssl from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()',
    )
    await client.end()
    return rows
  }
  expect(await connect({ ca: authority.ca })).toEqual([{ ssl: true }])
  expect(await errorOf(connect({ ca: (await makeAuthority()).ca }))).toMatchObject({
    code: expect.any(String) as string,
  })
  expect(await errorOf(connect(false))).toMatchObject({ code: '28000' })
})

test('settings that the server refuses are reported with its own words, and nothing is left', async () => {
  const programs = path.dirname((await sharedServer(15)).bin)
  const folder = await ownTemporaryFolder()
  const error = await errorOf(startServer({ major: 15, programs, settings: { no_such_setting: '1' } }))
  expect(error).toBeInstanceOf(BeltError)
  expect(error).toMatchObject({ code: 'embedded-start-failed' })
  expect(String(error)).toContain('unrecognized configuration parameter "no_such_setting"')
  expect(await readdir(folder)).toEqual([])
})

test('starting can be given up', async () => {
  const programs = path.dirname((await sharedServer(15)).bin)
  const folder = await ownTemporaryFolder()
  const reason = new Error('enough')
  expect(await errorOf(startServer({ major: 15, programs, signal: AbortSignal.abort(reason) }))).toBe(reason)
  const controller = new AbortController()
  const starting = errorOf(startServer({ major: 15, programs, signal: controller.signal }))
  await delay(150)
  controller.abort(reason)
  expect(await starting).toBe(reason)
  expect(await readdir(folder)).toEqual([])
})

test('programs that are not there, or of another major, are refused', async () => {
  const nowhere = await errorOf(startServer({ major: 15, programs: '/nonexistent' }))
  expect(nowhere).toMatchObject({ code: 'embedded-unavailable' })
  expect(String(nowhere)).toContain('/nonexistent/bin/postgres')
  const { bin } = await start({ major: 14 })
  const other = await errorOf(startServer({ major: 15, programs: path.dirname(bin) }))
  expect(String(other)).toContain('14.')
})
