import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { withPglogical } from '../../support/debian.js'
import { expectSameRows } from '../breadth/support/rows.js'
import { migration } from './support/migration.js'
import { ownPair } from './support/servers.js'

test('a slot that somebody dropped is found, and never made again under the subscription', async () => {
  const databases = await ownPair('broken')
  const { source, target } = databases
  await sql(source, 'create table t (id integer primary key); insert into t select generate_series(1, 100)')
  const life = await migration(databases)
  await life.reach('replicating')
  const [subscription] = await sql<{ name: string; slot: string }>(
    target,
    'select subname as name, subslotname as slot from pg_subscription',
  )
  await sql(target, `alter subscription ${subscription?.name ?? ''} disable`)
  await expect
    .poll(() => sql(source, 'select active from pg_replication_slots'), { timeout: 20_000 })
    .toEqual([{ active: false }])
  await sql(source, `select pg_drop_replication_slot('${subscription?.slot ?? ''}'); insert into t values (101)`)
  await sql(target, `alter subscription ${subscription?.name ?? ''} enable`)

  const plan = await life.belt('plan')
  expect(plan.code).toBe(1)
  expect(plan.stdout + plan.stderr).toContain('replication-broken')
  const drift = await life.belt('drift')
  expect(drift.code).not.toBe(0)
  expect(drift.stdout + drift.stderr).toContain('replication-broken')
  expect((await life.belt('apply', '--yes')).code).not.toBe(0)
  expect(await sql(source, 'select from pg_replication_slots')).toEqual([])
  await life.ask('cutover')
  expect(await life.belt('plan')).toMatchObject({ code: 1 })
})

const TABLES = `create table first (id int primary key, v int default 0); create table second (id int primary key);
  insert into first select generate_series(1, 50); insert into second select generate_series(1, 50)`
const WRITTEN = `insert into first values (51); update first set v = 1 where id = 1; delete from first where id = 2`

test('a table that somebody took out of the publication is found, and copied anew instead of published again', async () => {
  const databases = await ownPair('unpublished')
  const { source, target } = databases
  await sql(source, TABLES)
  const life = await migration(databases, { approve: ['truncate-target#resync.public.first'] })
  await life.reach('replicating')
  const [{ name } = { name: '' }] = await sql<{ name: string }>(
    source,
    'select pubname::text as name from pg_publication',
  )
  await sql(source, `alter publication ${name} drop table first; ${WRITTEN}`)
  for (const stage of ['replicating', 'cutover'] as const) {
    await life.ask(stage)
    const plan = await life.belt('plan')
    expect(plan).toMatchObject({ code: 1 })
    const said = plan.stdout.replace(/\s+/g, ' ')
    expect(said).toContain(`public.first is not in publication ${name} on the source any more`)
    expect(said).toContain('belt plan --resync public.first')
  }
  expect((await life.belt('drift')).stdout).toContain('replication-broken')

  await life.ask('replicating')
  await life.plan('--resync', 'public.first')
  expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  await sql(source, `insert into first values (52)`)
  await expectSameRows(source, target)
  expect(await life.belt('drift')).toMatchObject({ code: 0 })
})

test('a table that somebody took out of pglogical’s set is found, and everything is copied anew', async () => {
  const databases = await ownPair('taken-out', await withPglogical(15), await withPglogical(17))
  const { source, target } = databases
  await sql(source, TABLES)
  const life = await migration(databases, { spec: { engine: 'pglogical' } })
  await life.reach('replicating')
  await sql(
    source,
    `select pglogical.replication_set_remove_table(s.set_name, 'first') from pglogical.replication_set as s
     where s.set_name like 'belt%'; ${WRITTEN}`,
  )
  const plan = await life.belt('plan')
  expect(plan).toMatchObject({ code: 1 })
  expect(plan.stdout).toContain('public.first is not in replication set')
  await life.plan('--restart')
  expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  await sql(source, `insert into first values (52)`)
  await expectSameRows(source, target)
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
})
