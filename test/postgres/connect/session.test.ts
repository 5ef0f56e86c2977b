import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { BeltError } from '../../../src/core/error.js'
import { quoteIdent } from '../../../src/core/quote.js'
import { Secret } from '../../../src/core/secret.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { ConnectionLostError } from '../../../src/postgres/driver-error.js'
import { SqlError } from '../../../src/postgres/server-error.js'
import { sessionSettings } from '../../../src/postgres/session-settings.js'
import { freshDatabase, sql, uniqueName } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { errorOf, noSignal, settingsFor } from './settings.js'

describe.each([12, 15, 18] as const)('a session on %i', (major) => {
  test('knows its server and has the settings of belt, whatever the database and the role say', async () => {
    const database = await freshDatabase(await sharedServer(major), 'hostile')
    const name = quoteIdent(database.database)
    const hostile = [
      "statement_timeout = '1ms'",
      "lock_timeout = '1ms'",
      "idle_in_transaction_session_timeout = '1ms'",
      'search_path = nowhere',
      'row_security = on',
      'default_transaction_read_only = on',
      "default_transaction_isolation = 'serializable'",
      'synchronous_commit = off',
      'session_replication_role = replica',
      "TimeZone = 'Asia/Kathmandu'",
      "DateStyle = 'German, DMY'",
      "IntervalStyle = 'sql_standard'",
      'extra_float_digits = -10',
      "bytea_output = 'escape'",
      "client_encoding = 'LATIN1'",
      'standard_conforming_strings = off',
      'quote_all_identifiers = on',
      'transform_null_equals = on',
    ]
    const admin = { ...database, database: 'postgres' }
    for (const setting of hostile) await sql(admin, `alter database ${name} set ${setting}`)

    const found = await withConnection(settingsFor(database), noSignal(), async (session) => {
      expect(session.major).toBe(major)
      expect(Math.floor(session.serverVersion / 10_000)).toBe(major)
      const { pid } = await session.one<{ pid: number }>('select pg_catalog.pg_backend_pid()::int4 as pid')
      expect(session.pid).toBe(pid)
      await session.query('select pg_catalog.pg_sleep(0.02)')
      return session.query<{ name: string; value: string }>(
        'select s.name, pg_catalog.current_setting(s.name) as value from pg_catalog.pg_settings as s',
      )
    })
    const values = new Map(found.map((row) => [row.name.toLowerCase(), row.value]))
    for (const [setting, value] of sessionSettings({})) {
      const is = values.get(setting.toLowerCase())
      if (is !== undefined) expect([setting, is]).toEqual([setting, value.replace(/ms$/, '')])
    }
    expect(values.has('statement_timeout')).toBe(true)
    expect(values.has('transaction_timeout')).toBe(major >= 17)
  })

  test('keeps its own settings on a role that may not set all of them', async () => {
    const server = await sharedServer(major)
    const database = await freshDatabase(server)
    const role = uniqueName('plain')
    await sql(database, `create role ${role} login password 'plain-pass-word'`)
    const settings = settingsFor({ ...database, user: role, password: 'plain-pass-word' })
    const value = await withConnection(settings, noSignal(), (session) =>
      session.one<{ row_security: string }>("select pg_catalog.current_setting('row_security') as row_security"),
    )
    expect(value.row_security).toBe('off')
  })

  test('gives text where a JavaScript value would lose something', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const row = await withConnection(settingsFor(database), noSignal(), (session) =>
      session.one<Record<string, unknown>>(
        `select
           9007199254740993::int8 as int8, 1.10::numeric as numeric, 1::int4 as int4, 4294967295::oid as oid,
           0.1::float8 as float8, 'infinity'::timestamptz as forever, '2000-01-01 00:00:00.000001'::timestamp as instant,
           '{"a": [1]}'::jsonb as jsonb, array['a', 'b']::name[] as names, array[1, 2]::int4[] as ints,
           array[9007199254740993]::int8[] as int8s, '\\x00ff'::bytea as bytes, true as yes, null::text as nothing`,
      ),
    )
    expect(row).toEqual({
      int8: '9007199254740993',
      numeric: '1.10',
      int4: 1,
      oid: 4294967295,
      float8: 0.1,
      forever: 'infinity',
      instant: '2000-01-01 00:00:00.000001',
      jsonb: { a: [1] },
      names: ['a', 'b'],
      ints: [1, 2],
      int8s: ['9007199254740993'],
      bytes: Buffer.from([0, 255]),
      yes: true,
      nothing: null,
    })
  })

  test('passes values of every kind on unharmed', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const row = await withConnection(settingsFor(database), noSignal(), (session) =>
      session.one<Record<string, unknown>>(
        `select $1::text as a, $2::int8 as b, $3::bool as c, $4::text[] as d, $5::bytea as e, $6::text as f`,
        ["o'\\x\n", 2n ** 62n, false, ['a"', '{,}', 'NULL', ''], Uint8Array.from([0, 1]), null],
      ),
    )
    expect(row).toEqual({
      a: "o'\\x\n",
      b: '4611686018427387904',
      c: false,
      d: ['a"', '{,}', 'NULL', ''],
      e: Buffer.from([0, 1]),
      f: null,
    })
  })

  test('says which statement failed, where, and with which SQLSTATE', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const error = await errorOf(
      withConnection(settingsFor(database), noSignal(), (session) => session.query("select '🐘',\n  1 +\n  nope")),
    )
    expect(error).toBeInstanceOf(SqlError)
    const failure = (error as SqlError).failure
    expect((error as SqlError).code).toBe('sql-failed')
    expect(failure.sqlState).toBe('42703')
    expect(failure.place).toEqual({ line: 3, column: 3, excerpt: '  nope\n  ^' })
  })

  test('never lets a password out, even if the server repeats it', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const planted = 'pl4nted-S3cret'
    const settings = settingsFor(database)
    const error = await errorOf(
      withConnection(settings, noSignal(), async (session) =>
        session.exec(`do $$ begin
          raise exception 'cannot dial host=h password=${planted} dbname=d'
            using detail = 'postgres://u:${planted}@h/d', hint = 'password = ''${planted}''';
        end $$`),
      ),
    )
    const everything =
      JSON.stringify(error, Object.getOwnPropertyNames(error)) + JSON.stringify((error as SqlError).failure)
    expect(everything).not.toContain(planted)
    expect(everything).toContain('cannot dial host=h')

    const own = await errorOf(
      withConnection(settings, noSignal(), (session) => session.query(`select 1 / 0 as "${database.password}"`)),
    )
    expect(JSON.stringify((own as SqlError).failure) + String(own)).not.toContain(database.password)
  })

  test('queues statements that are asked for at the same time', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const rows = await withConnection(settingsFor(database), noSignal(), (session) =>
      Promise.all([1, 2, 3].map((n) => session.one<{ n: number }>('select $1::int4 as n', [n]))),
    )
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  test('cancels the running statement on the server when asked to stop, and refuses later ones', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const stop = new AbortController()
    const started = performance.now()
    const outcome = await errorOf(
      withConnection(settingsFor(database), stop.signal, async (session) => {
        setTimeout(() => {
          stop.abort()
        }, 200)
        const first = await errorOf(session.query('select pg_catalog.pg_sleep(30)'))
        const second = await errorOf(session.query('select 1'))
        expect([first, second].map((error) => (error as BeltError).code)).toEqual(['aborted', 'aborted'])
        await session.rollback()
        throw first
      }),
    )
    expect((outcome as BeltError).code).toBe('aborted')
    // Not by itself: the statement sleeps for longer.
    expect(performance.now() - started).toBeLessThan(25_000)
    const left = await sql(
      database,
      `select from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid() and state = 'active' and datname = current_database()`,
    )
    expect(left).toEqual([])
  })

  test('tells that the connection was lost, at once and to later statements', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const error = await errorOf(
      withConnection(settingsFor(database), noSignal(), async (session) => {
        const lost = new Promise((resolve) => {
          session.lost.addEventListener('abort', resolve)
        })
        await sql(database, 'select pg_terminate_backend($1)', [session.pid])
        await lost
        expect(session.lost.reason).toBeInstanceOf(ConnectionLostError)
        await session.query('select 1')
      }),
    )
    expect(error).toBeInstanceOf(ConnectionLostError)

    const during = await errorOf(
      withConnection(settingsFor(database), noSignal(), async (session) => {
        const query = errorOf(session.query('select pg_catalog.pg_sleep(30)'))
        await delay(200)
        await sql(database, 'select pg_terminate_backend($1)', [session.pid])
        throw await query
      }),
    )
    expect(during).toBeInstanceOf(ConnectionLostError)
  })
})

describe('failed attempts', () => {
  test('name the reason by code', async () => {
    const server = await sharedServer(17)
    const database = await freshDatabase(server)
    const codeOf = async (more: Parameters<typeof settingsFor>[1]): Promise<string> => {
      const error = await errorOf(withConnection(settingsFor(database, more), noSignal(), () => Promise.resolve()))
      return (error as BeltError).code
    }
    const { password: _, ...bare } = settingsFor(database)
    const missing = await errorOf(withConnection(bare, noSignal(), () => Promise.resolve()))
    expect((missing as BeltError).code).toBe('password-missing')
    expect(await codeOf({ password: () => Promise.resolve(new Secret('wrong-one')) })).toBe('wrong-password')
    expect(await codeOf({ database: 'is not there' })).toBe('database-missing')
    expect(await codeOf({ port: 1 })).toBe('connect-failed')
    // Names are asked of the network's own resolver, which may be slow, and TEST-NET-1 answers nobody; some networks refuse
    // at once instead of staying silent.
    const unreachable = ['connect-timeout', 'connect-failed']
    expect(unreachable).toContain(await codeOf({ host: 'no-such-host.invalid' }))
    expect(unreachable).toContain(await codeOf({ host: '192.0.2.1', connectTimeoutMs: 300 }))
  })
})
