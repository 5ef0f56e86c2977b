import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { withPglogical } from '../../support/debian.js'
import { alarm, mended, same, SHOP, withLog } from '../down/support/down.js'
import { migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

test('pglogical from 15 to 17: a refused output plugin, a lost slot and a disabled subscription are told', async () => {
  const pair = await ownPair('pgplug', await withPglogical(15), withLog(await withPglogical(17), 'stderr'))
  const { source, target } = pair
  await sql(source, SHOP)
  const life = await migration(pair, { spec: { engine: 'pglogical' } })
  await life.reach('replicating')
  await same(life)

  await sql(source, 'alter system reset output_plugin_libraries')
  await sql(source, `alter system set output_plugin_libraries = pgoutput`)
  await sql(source, 'select pg_reload_conf()')
  await sql(source, `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender'`)
  await alarm(life, /output_plugin_libraries of the source does not name pglogical_output/)
  const plan = await life.reach('replicating')
  expect(plan.actions.map((a) => a.id)).toEqual(['output-plugin.source', 'redial-start.target'])
  await sql(source, `insert into orders values (101, 'x')`)
  await same(life)
  await mended(life)

  const [subscription] = await sql<{ name: string; slot: string }>(
    target,
    'select sub_name::text as name, sub_slot_name::text as slot from pglogical.subscription',
  )
  const name = subscription?.name ?? ''
  await sql(target, `select pglogical.alter_subscription_disable('${name}', true)`)
  const disabled = await alarm(life, /drift-subscription-disabled/)
  expect(disabled.fix).toContain('alter_subscription_enable')
  await life.reach('replicating')
  await mended(life)

  await sql(target, `select pglogical.alter_subscription_disable('${name}', true)`)
  await expect
    .poll(() => sql(source, 'select active from pg_replication_slots'), { timeout: 60_000 })
    .toEqual([{ active: false }])
  await sql(source, `select pg_drop_replication_slot('${subscription?.slot ?? ''}')`)
  await alarm(life, /replication-broken/)
  expect((await life.belt('plan')).code).toBe(1)
})
