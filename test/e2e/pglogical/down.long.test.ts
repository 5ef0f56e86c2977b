import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
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

test.each([
  [13, 15],
  [17, 18],
] as const)(
  'pglogical from %i to %i, on the way back: a target that cannot be dialled stops the cutover before its pause, and a refused output plugin is told and allowed again',
  async (from, to) => {
    const pair = await ownPair('back', withLog(await withPglogical(from), 'stderr'), await withPglogical(to))
    const { source, target, servers } = pair
    await sql(source, SHOP)
    const life = await migration(pair, { spec: { engine: 'pglogical' } })
    const there = await life.reach('replicating')
    expect(there.actions.map((a) => a.id)).toContain('dial.source')

    const hba = path.join(servers.target.dataDir, 'pg_hba.conf')
    const before = await readFile(hba, 'utf8')
    await writeFile(hba, `host all ${life.replicationRole} all reject\n${before}`)
    await sql(target, 'select pg_reload_conf()')
    await life.ask('cutover')
    await life.plan()
    const stopped = await life.belt('apply', 'plan.json')
    expect(stopped.code).not.toBe(0)
    expect(stopped.stderr).toContain('dial.source')
    expect(stopped.stderr).toMatch(/pg_hba\.conf/)
    expect(await sql(source, 'select from pglogical.subscription')).toEqual([])
    await sql(source, `insert into orders values (200, 'still open')`)
    await writeFile(hba, before)
    await sql(target, 'select pg_reload_conf()')
    const applied = await life.belt('apply', 'plan.json')
    expect(applied, applied.stderr).toMatchObject({ code: 0 })
    expect(await sql(source, 'select from pg_subscription')).toEqual([])
    await sql(target, `insert into orders values (101, 'x')`)
    await same(life)

    await sql(target, `alter system set output_plugin_libraries = pgoutput`)
    await sql(target, 'select pg_reload_conf()')
    await sql(target, `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender'`)
    await alarm(life, /output_plugin_libraries of the target does not name pglogical_output/)
    const plan = await life.reach('cutover')
    expect(plan.actions.map((a) => a.id)).toEqual(['output-plugin.target', 'redial-start.source'])
    expect(plan.diagnostics.map((d) => d.message).join()).toContain('output_plugin_libraries of the target')
    await sql(target, `insert into orders values (102, 'x')`)
    await same(life)
    await mended(life)
    await life.reach('rolled-back')
    await same(life)
    const rows = await sql(source, 'select id from orders where id > 100 order by id')
    expect(rows).toEqual([{ id: 101 }, { id: 102 }, { id: 200 }])
  },
)
