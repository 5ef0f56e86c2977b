import { expect, test } from 'vitest'
import { databaseOf, freshDatabase, sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { pair, sharedServer } from '../../support/servers.js'
import { schemaOf, toReplay } from './support/dump.js'
import { errorsOf, move } from './support/move.js'
import { expectSameRows } from './support/rows.js'

const ROWS = (schema: string): string => `
  create schema ${schema};
  create table ${schema}.things (id integer primary key, name text);
  create table ${schema}.notes (note text);
  insert into ${schema}.things select i, 'thing ' || i from generate_series(1, 200) as i;
  insert into ${schema}.notes select 'note ' || i from generate_series(1, 50) as i;
  create index on ${schema}.things (name);`

test('three migrations on one pair of servers share the replication role and leave each other alone', async () => {
  const one = await pair(15, 17, 'neighbours')
  const other = await pair(15, 17, 'elsewhere')
  await sql(one.source, ROWS('east') + ROWS('west'))
  await sql(other.source, ROWS('east'))
  const replication = { name: uniqueName('shared_repl'), password: uniqueName('shared-secret') }
  const east = await move({ ...one, replication, spec: { scope: { schemas: ['east'] } } })
  const west = await move({ ...one, replication, spec: { scope: { schemas: ['west'] } } })
  const away = await move({ ...other, replication })

  await east.apply()
  const before = await beltObjects(one.source, one.target)
  await west.apply()
  expect(await beltObjects(one.source, one.target)).toEqual(expect.arrayContaining([...before]))
  await away.apply()

  for (const moved of [east, west, away]) {
    expect((await moved.plan()).plan).toMatchObject({ actions: [], diagnostics: [] })
    expect(await moved.belt('drift')).toMatchObject({ code: 0 })
  }
  await sql(one.source, `update east.things set name = 'x'; update west.notes set note = 'y'; truncate west.things`)
  await sql(other.source, `delete from east.things where id > 10`)
  await expectSameRows(one.source, one.target)
  await expectSameRows(other.source, other.target)

  // Whoever gives another password is refused, and the shared role keeps its own.
  const liar = await move({ ...(await pair(15, 17, 'liar')), replication: { ...replication, password: 'another' } })
  expect(errorsOf(await liar.plan())).toContain('replication-password')
  await sql(one.source, `insert into east.notes values ('still here')`)
  await expectSameRows(one.source, one.target)
})

test('source and target may be databases of one cluster', async () => {
  const server = await sharedServer(17)
  const source = await freshDatabase(server, 'one_source')
  const target = await freshDatabase(server, 'one_target')
  const owner = uniqueName('one_owner')
  await sql(source, ROWS('east'))
  await sql(source, `create role ${owner} login password 'x'; alter table east.things owner to ${owner}`)
  const rolesBefore = await rolesOf(source)
  const replay = await toReplay(source, target)
  const replication = { name: uniqueName('one_repl'), password: uniqueName('repl-secret') }
  const moved = await move({ source, target, replication, spec: { roles: { copy: [owner] } } })
  const { plan } = await moved.apply()
  expect(plan.actions.filter((a) => a.kind === 'copy-role')).toEqual([])
  expect(plan.actions.filter((a) => a.kind === 'set-replication-role')).toHaveLength(1)
  expect(await rolesOf(source)).toEqual([...rolesBefore, moved.replication.name].sort())
  await sql(source, `update east.notes set note = 'changed'; delete from east.things where id % 2 = 0`)
  await expectSameRows(source, target)
  const reference = await replay()
  await sql(reference, 'alter table east.notes replica identity full')
  expect(await schemaOf(target)).toBe(await schemaOf(reference))
  expect((await moved.plan()).plan).toMatchObject({ actions: [] })
  expect(await moved.belt('drift')).toMatchObject({ code: 0 })
})

/** Those of this test: the server is shared with others. */
async function rolesOf(database: TestDatabase): Promise<readonly string[]> {
  const rows = await sql<{ name: string }>(
    databaseOf(database.server, 'postgres'),
    `select rolname::text as name from pg_catalog.pg_roles where rolname ~ '^one_' order by 1`,
  )
  return rows.map((r) => r.name).sort()
}

/** Everything of belt's on both sides, to the row of its records. */
async function beltObjects(...databases: readonly TestDatabase[]): Promise<readonly string[]> {
  const found = databases.map((database) =>
    sql<{ thing: string }>(
      database,
      `select 'publication ' || p.pubname || ' ' || p.oid || ' ' || t.tablename as thing
         from pg_catalog.pg_publication as p join pg_catalog.pg_publication_tables as t using (pubname)
       union all select 'subscription ' || s.subname || ' ' || s.oid || ' ' || s.subenabled from pg_catalog.pg_subscription as s
         join pg_catalog.pg_database as d on d.oid = s.subdbid where d.datname = current_database()
       union all select 'slot ' || slot_name from pg_catalog.pg_replication_slots where database = current_database() and slot_name ~ '^belt_'
       union all select 'record ' || r::text from belt.record as r
       union all select 'table ' || c.relname || ' ' || c.oid from pg_catalog.pg_class as c where c.relnamespace = 'belt'::regnamespace
       order by 1`,
    ),
  )
  return (await Promise.all(found)).flat().map((r) => r.thing)
}
