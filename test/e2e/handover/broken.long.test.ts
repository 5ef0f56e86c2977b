import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
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
