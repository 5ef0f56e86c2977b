import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { rowsOf } from '../breadth/support/rows.js'
import { migration, type Migration } from './support/migration.js'
import { ownPair } from './support/servers.js'
import { as, letsIn, makeShop, trade, type Shop } from './support/shop.js'
import { accessOf, behind, leftOfBelt } from './support/stand.js'

/** What only the pause carries. */
const NOT_STREAMED = ['public.documents']

async function expectServes(life: Migration, side: 'source' | 'target', shop: Shop): Promise<void> {
  for (const role of [shop.app, shop.granted]) {
    const open = { source: await letsIn(life.source, role), target: await letsIn(life.target, role) }
    expect(open, role.name).toEqual({ source: side === 'source', target: side === 'target' })
  }
}

async function expectSame(life: Migration, except: readonly string[] = []): Promise<void> {
  // Either side may be the one that is still being fed.
  const both = async (): Promise<boolean> =>
    isDeepStrictEqual(await rowsOf(life.source, except), await rowsOf(life.target, except))
  await expect.poll(both, { interval: 100 }).toBe(true)
}

test('a migration goes its whole life, back and forth, with one side serving at every stage', async () => {
  const databases = await ownPair('life')
  const { source, target } = databases
  const shop = await makeShop(source)
  const before = { source: await accessOf(source), target: await accessOf(target) }
  const life = await migration(databases, { copyRoles: [shop.app.name, shop.granted.name] })

  await life.ask('cutover')
  expect(await life.belt('plan', '--out', 'early.json')).toMatchObject({ code: 1 })
  await life.reach('replicating')
  await expectServes(life, 'source', shop)
  await trade(as(source, shop.app), 1)
  await expectSame(life, NOT_STREAMED)
  await life.ask('finalized')
  const refused = await life.belt('plan')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stdout + refused.stderr).toContain('stage finalized cannot be reached from replicating')

  await life.ask('cutover', false)
  await life.plan()
  const unapproved = await life.belt('apply', 'plan.json')
  expect(unapproved).toMatchObject({ code: 3 })
  expect(unapproved.stderr).toContain('{ hazard: write-pause, action: fence.source')
  expect(unapproved.stderr).toContain('{ hazard: point-of-no-return, action: no-return.target')
  await expectServes(life, 'source', shop)

  await life.reach('cutover')
  await expectServes(life, 'target', shop)
  expect(await behind(target, source)).toEqual([])
  await expectSame(life)
  await trade(as(target, shop.granted), 2)
  await expectSame(life, NOT_STREAMED)
  await life.ask('absent')
  expect(await life.belt('plan')).toMatchObject({ code: 1 })

  await life.reach('rolled-back')
  await expectServes(life, 'source', shop)
  expect(await behind(source, target)).toEqual([])
  await expectSame(life)
  await trade(as(source, shop.app), 3)

  await life.reach('replicating')
  await expectServes(life, 'source', shop)
  await trade(as(source, shop.app), 4)
  await expectSame(life, NOT_STREAMED)

  await life.reach('cutover')
  await expectServes(life, 'target', shop)
  expect(await behind(target, source)).toEqual([])
  await expectSame(life)
  await trade(as(target, shop.app), 5)
  await expectSame(life, NOT_STREAMED)
  // Each order was noted once, by the server that took it.
  expect(await sql(target, 'select order_id from audit group by 1 having count(*) <> 1')).toEqual([])
  expect(
    await sql(target, 'select from orders where not exists (select from audit where order_id = orders.id)'),
  ).toEqual([])
  expect(
    await sql(target, `select conname from pg_constraint where not convalidated and contype = 'c' order by 1`),
  ).toEqual([{ conname: 'documents_n_positive' }, { conname: 'orders_n_positive' }])

  await life.reach('finalized')
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  await expectServes(life, 'target', shop)
  for (const side of [source, target]) expect(await leftOfBelt(side, life.name, life.replicationRole)).toEqual([])
  await trade(as(target, shop.app), 6)
  const served = await accessOf(target)
  expect(served).toMatchObject({ settings: before.source?.['settings'], triggers: before.source?.['triggers'] })
  // Whoever opens the old source one day finds no dead trigger.
  expect(await accessOf(source)).toMatchObject({ triggers: before.source?.['triggers'] })
})

test('a migration that is called off leaves nothing behind', async () => {
  const databases = await ownPair('off')
  const { source, target } = databases
  const shop = await makeShop(source)
  const before = { source: await accessOf(source), target: await accessOf(target) }
  // On the target, the state is one thing more that has to go.
  const spec = { state: { backend: 'postgres' } }
  const life = await migration(databases, { copyRoles: [shop.app.name, shop.granted.name], spec })
  await life.reach('replicating')
  await life.reach('absent')
  for (const side of [source, target]) expect(await leftOfBelt(side, life.name, life.replicationRole)).toEqual([])
  expect(await accessOf(source)).toEqual(before.source)
  expect((await accessOf(target))?.['rights']).toEqual(before.target?.['rights'])

  await sql(
    target,
    'drop schema public cascade; create schema public authorization pg_database_owner; grant usage on schema public to public',
  )
  await life.reach('replicating')
  await life.reach('cutover')
  await trade(as(target, shop.app), 1)
  await life.reach('rolled-back')
  await life.reach('absent')
  expect(await accessOf(source)).toEqual(before.source)
  for (const side of [source, target]) expect(await leftOfBelt(side, life.name, life.replicationRole)).toEqual([])
  await trade(as(source, shop.app), 2)
})
