import { expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import { withPglogical } from '../../support/debian.js'
import { sql } from '../../support/databases.js'
import { expectSameRows } from '../breadth/support/rows.js'
import { migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

const PGLOGICAL =
  /^(pglogical|grants\.\w+\.pglogical|output-plugin|node|set|set-tables|subscription|copy|lag|verify|drop|restore)\b/

test('killed behind every action that pglogical adds, from nothing to replicating and back to nothing', async () => {
  const unprepared = { settings: { shared_preload_libraries: 'pglogical' } }
  const databases = await ownPair(
    'kills',
    { ...(await withPglogical(15)), ...unprepared },
    { ...(await withPglogical(17)), ...unprepared },
  )
  const { source, target } = databases
  await sql(
    source,
    `create table first (id int primary key, name text); create table second (id int primary key, first int references first);
     insert into first select i, 'n' || i from generate_series(1, 500) as i; insert into second select i, i from generate_series(1, 500) as i`,
  )
  const life = await migration(databases, { spec: { engine: 'pglogical' } })
  const killThrough = async (victims: (plan: Plan) => readonly string[]): Promise<number> => {
    const chosen = victims(await life.plan())
    for (const id of chosen) {
      const killed = await life.killedAt(`after-sql:${id}`, 'apply', 'plan.json')
      expect(killed, id + killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    }
    const last = await life.belt('apply', 'plan.json')
    expect(last, last.stderr).toMatchObject({ code: 0 })
    expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
    return chosen.length
  }
  const added = ({ actions }: Plan): readonly string[] =>
    // Nothing is left of it to be killed behind once the subscription copies by itself.
    actions.filter((a) => PGLOGICAL.test(a.id)).map((a) => a.id)

  await life.ask('replicating')
  expect(await killThrough((plan) => added(plan).filter((id) => !id.startsWith('copy')))).toBeGreaterThan(9)
  await sql(source, `update first set name = 'changed' where id < 9; delete from second where id = 3`)
  await expectSameRows(source, target)
  await life.ask('absent')
  // Its slot goes with the subscription.
  expect(await killThrough((plan) => added(plan).filter((id) => !id.startsWith('drop.slot')))).toBeGreaterThan(8)
  for (const side of [source, target]) {
    expect(await sql(side, `select extname from pg_extension where extname = 'pglogical'`)).toEqual([])
    expect(await sql(side, `select nspname from pg_namespace where nspname in ('pglogical', 'belt')`)).toEqual([])
    expect(await sql(side, `select from pg_replication_slots`)).toEqual([])
  }
})
