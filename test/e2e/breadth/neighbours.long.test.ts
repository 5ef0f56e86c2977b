import { expect, test } from 'vitest'
import { sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { errorsOf, move } from './support/move.js'
import { thingsAndNotes } from './support/neighbours.js'
import { expectSameRows } from './support/rows.js'

test('three migrations on one pair of servers share the replication role and leave each other alone', async () => {
  const one = await pair(15, 17, 'neighbours')
  const other = await pair(15, 17, 'elsewhere')
  await sql(one.source, thingsAndNotes('east') + thingsAndNotes('west'))
  await sql(other.source, thingsAndNotes('east'))
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
