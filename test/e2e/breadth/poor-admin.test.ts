import { expect, test } from 'vitest'
import { databaseOf, sql, uniqueName, type Login, type TestDatabase } from '../../support/databases.js'
import { ownPair } from '../handover/support/servers.js'
import { errorsOf, move } from './support/move.js'
import { expectSameRows } from './support/rows.js'

test('admins who are no superusers are refused with exact fixes, and do once these are made', async () => {
  // Servers of its own: its logins come to have the rights of postgres, whom the fence of every other target lets through.
  const { source, target } = await ownPair('poor', { major: 16 }, { major: 17 })
  const app = uniqueName('poor_app')
  await sql(
    source,
    `
    create role ${app} login password 'x';
    create table public.things (id integer primary key, name text);
    create table public.notes (note text);
    alter table public.things owner to ${app}; alter table public.notes owner to ${app};
    create index on public.things (name);
    insert into public.things select i, 'n' || i from generate_series(1, 100) as i;
    insert into public.notes values ('a'), ('b')`,
  )
  const admins = { source: await poorAdmin(source), target: await poorAdmin(target) }
  const moved = await move({ source, target, admins, spec: { roles: { copy: [app] }, reverse: { enabled: false } } })

  // Not even the schema can be read yet: belt says which right lacks.
  const first = await moved.belt('plan')
  expect(first.code).toBe(1)
  expect(first.stderr).toContain('pg_read_all_data')
  for (const [side, { user }] of [
    [source, admins.source],
    [target, admins.target],
  ] as const) {
    await sql(side, `grant pg_read_all_data to ${user}`)
  }
  const poor = await moved.plan()
  expect(poor.applicable).toBe(false)
  expect(errorsOf(poor)).toEqual(
    expect.arrayContaining([
      'owner-privilege',
      'create-privilege',
      'subscription-privilege',
      'schema-privilege',
      'origin-privilege',
      'fence-privilege',
    ]),
  )

  // What the fixes say, done word for word by a superuser of each side, until nothing is left to say.
  const done: string[] = []
  for (let round = 0; round < 4; round += 1) {
    const errors = (await moved.plan()).plan.diagnostics.filter((d) => d.severity === 'error')
    if (errors.length === 0) break
    for (const { side, fix = '' } of errors) {
      const statements = fix.match(/(?:grant|create role|alter role|alter schema|alter database)[^;]*;/g) ?? []
      expect(statements.length, fix).toBeGreaterThan(0)
      for (const statement of statements) {
        done.push(`${side ?? ''}: ${statement}`)
        await sql(side === 'source' ? source : target, statement)
      }
    }
  }
  expect(errorsOf(await moved.plan()), done.join('\n')).toEqual([])
  await moved.apply()
  await expectSameRows(source, target)
  await sql(source, `update public.things set name = 'x' where id < 10; delete from public.notes where note = 'a'`)
  await expectSameRows(source, target)
  expect((await moved.plan()).plan).toMatchObject({ actions: [] })
  // The role was made by a superuser, who does not know its password: nobody could log in as it after the cutover.
  const drift = await moved.belt('drift')
  expect(drift).toMatchObject({ code: 2 })
  expect(drift.stdout).toContain(`\\password ${app}`)
  await sql(target, `alter role ${app} password 'x'`)
  expect(await moved.belt('drift')).toMatchObject({ code: 0 })
})

/** What a provider's admin has: no superuser, but makes roles and databases. */
async function poorAdmin(database: TestDatabase): Promise<Login> {
  const user = uniqueName('poor_admin')
  const password = uniqueName('poor-secret')
  await sql(
    databaseOf(database.server, 'postgres'),
    `create role ${user} login createrole createdb replication password '${password}'`,
  )
  return { ...database, user, password }
}
