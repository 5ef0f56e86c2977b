import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { databaseOf, freshDatabase, sql, uniqueName } from '../../support/databases.js'
import { ownServer, sharedServer } from '../../support/servers.js'
import { inspect, named } from './connected.js'

test.each([12, 15, 18] as const)('a standby of %i can be looked at', async (major) => {
  const server = await ownServer({ major })
  onTestFinished(() => server.stop())
  const db = await freshDatabase(server)
  await sql(
    db,
    'create table t (id serial primary key); insert into t default values; create unlogged table u (id serial)',
  )
  await writeFile(path.join(server.dataDir, 'standby.signal'), '')
  await server.restart()
  const seen = await inspect(db)
  expect(seen.server).toMatchObject({ inRecovery: true, timeline: 1 })
  expect(seen.server.volatile.currentLsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
  expect(named(seen.sequences, 't_id_seq').volatile.lastValue).toBe('1')
  expect(named(seen.sequences, 'u_id_seq').volatile.lastValue).toBeUndefined()
})

test('reading values of many sequences does not fill the lock table', async () => {
  const server = await ownServer({ major: 15, settings: { max_locks_per_transaction: '10', max_connections: '40' } })
  onTestFinished(() => server.stop())
  const db = await freshDatabase(server)
  const make = (from: number, to: number): Promise<unknown> =>
    sql(
      db,
      `do $$ begin for i in ${String(from)}..${String(to)} loop
      execute format('create sequence s%s', i); perform nextval(format('s%s', i)); end loop; end $$`,
    )
  await make(1, 100)
  expect((await inspect(db)).sequences.every((s) => s.volatile.lastValue === '1')).toBe(true)
  await make(101, 200)
  const seen = await inspect(db)
  expect(seen.sequences).toHaveLength(200)
  expect(seen.sequences.every((s) => s.volatile.lastValue === undefined)).toBe(true)
})

test.each([13, 17] as const)('configuration tables of an extension that hold rows are listed on %i', async (major) => {
  const db = await freshDatabase(await sharedServer(major))
  await sql(
    db,
    `create extension hstore;
     create table "Conf ""1""" (keep bool); create table none (keep bool); create table broken (keep bool);
     insert into "Conf ""1""" values (true), (true), (false); insert into none values (false);
     insert into broken values (true);
     update pg_extension set
       extconfig = array['"Conf ""1"""'::regclass, 'none'::regclass]::oid[],
       extcondition = array['where keep', 'where keep']
     where extname = 'hstore'`,
  )
  expect(named((await inspect(db)).extensions, 'hstore').configTables).toEqual([
    { table: 'public."Conf ""1"""', condition: 'where keep', rows: 2 },
  ])
  await sql(
    db,
    `update pg_extension set extconfig = array['none'::regclass, 'broken'::regclass]::oid[],
       extcondition = array['', 'where 1/0 = 1'] where extname = 'hstore'`,
  )
  const seen = await inspect(db)
  expect(named(seen.extensions, 'hstore').configTables.map((t) => t.rows)).toEqual([-1, -1])
  expect(seen.tables).toHaveLength(3)
})

test.each([
  ['postgresql://re%20pl:p%40w@[::1]:6543/sh%2Fop?sslmode=disable', '[::1]', '6543', 'sh/op', 're pl'],
  ['postgres://db.example/shop', 'db.example', '5432', 'shop', ''],
  [`password='a\\' host=evil' hostaddr = 10.0.0.1  dbname='sh\\'op' user=u port=''`, '10.0.0.1', '5432', `sh'op`, 'u'],
  ['host=one host=two user=a\\ b password=p\\ host=evil', 'two', '5432', '', 'a b'],
] as const)('of the connection %s only the harmless parts are read', async (conninfo, host, port, database, user) => {
  const db = await freshDatabase(await sharedServer(14))
  await sql(
    db,
    `create subscription s connection $$${conninfo}$$ publication p with (connect = false, slot_name = none)`,
  )
  onTestFinished(async () => {
    await sql(db, 'drop subscription s')
  })
  const [subscription] = (await inspect(db)).subscriptions
  expect(subscription?.connection).toEqual({ host, port, database, user })
})

test.each([15, 16, 17, 18] as const)('the locale provider of a database is told on %i', async (major) => {
  const server = await sharedServer(major)
  const name = uniqueName('inspect_icu')
  await sql(
    databaseOf(server, 'postgres'),
    `create database ${name} template template0 locale_provider icu icu_locale 'de-DE'`,
  )
  const { database } = await inspect(databaseOf(server, name))
  expect(database).toMatchObject({ localeProvider: 'i', icuLocale: 'de-DE' })
})

test('a database in another encoding, with names in it, is read like any other', async () => {
  const server = await sharedServer(15)
  const name = uniqueName('inspect_latin')
  await sql(
    databaseOf(server, 'postgres'),
    `create database ${name} template template0 encoding latin1 lc_collate 'C' lc_ctype 'C'`,
  )
  const db = databaseOf(server, name)
  await sql(db, 'create table "Größe" ("Maß" int4 primary key)')
  const seen = await inspect(db)
  expect(seen.database).toMatchObject({ encoding: 'LATIN1', collate: 'C' })
  expect(seen.tables.map((t) => [t.name, t.identityColumns])).toEqual([['Größe', ['Maß']]])
})

test('a schema called belt that is not belt’s does not stop an inspection', async () => {
  const db = await freshDatabase(await sharedServer(13))
  await sql(db, 'create schema belt; create table belt.record (buckle text)')
  expect(await inspect(db)).toMatchObject({ records: undefined, recordsUnreadable: true, beltTables: ['record'] })
  await sql(db, 'drop table belt.record')
  expect(await inspect(db)).toMatchObject({ records: undefined, beltTables: [] })
})
