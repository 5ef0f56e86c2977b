import { expect, test } from 'vitest'
import { databaseOf, freshDatabase, sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { schemaOf, toReplay } from './support/dump.js'
import { move } from './support/move.js'
import { thingsAndNotes } from './support/neighbours.js'
import { expectSameRows } from './support/rows.js'

test('source and target may be databases of one cluster', async () => {
  const server = await sharedServer(17)
  const source = await freshDatabase(server, 'one_source')
  const target = await freshDatabase(server, 'one_target')
  const owner = uniqueName('one_owner')
  await sql(source, thingsAndNotes('east'))
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
