import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { rowsOf } from '../breadth/support/rows.js'
import { makeShop } from '../handover/support/shop.js'
import { breakIt, restartBroken, shopMigration } from './support/restart.js'

/** The copy itself goes on while belt is dead, and may be done before belt could be killed behind it. */
const TURN: readonly string[] = ['restart', 'replication']

test('a restart is killed behind every action that takes away or begins to copy again, and nothing is taken away twice', async () => {
  await restartBroken(await pair(15, 17, 'restarts'), (plan) =>
    plan.actions.filter((a) => TURN.includes(a.phase)).map((a) => `after-sql:${a.id}`),
  )
})

test('a restart needs an approval, and is stale once the target was opened', async () => {
  const databases = await pair(15, 17, 'unapproved')
  const shop = await makeShop(databases.source)
  const life = await shopMigration(databases, shop)
  await life.reach('replicating')
  await breakIt(life)
  const ordinary = await life.belt('plan')
  expect(ordinary).toMatchObject({ code: 1 })
  expect(ordinary.stdout).toContain('replication-broken')
  expect(ordinary.stdout).toContain('belt plan --restart')

  await life.ask('replicating', false)
  await life.plan('--restart')
  const held = await rowsOf(life.target)
  const unapproved = await life.belt('apply', 'plan.json')
  expect(unapproved).toMatchObject({ code: 3 })
  expect(unapproved.stderr).toContain('{ hazard: truncate-target, action: truncate.target')
  expect(await rowsOf(life.target)).toEqual(held)

  await life.ask('replicating')
  await life.plan('--restart')
  await sql(life.target, `grant connect on database ${life.target.database} to public`)
  const stale = await life.belt('apply', 'plan.json')
  expect(stale).toMatchObject({ code: 3 })
  expect(stale.stderr).toContain('plan-stale')
  const refused = await life.belt('plan', '--restart')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stdout).toContain('restart-refused')
  expect(await rowsOf(life.target)).toEqual(held)
})

test('a subscription that was dropped by hand while it copied is no hindrance', async () => {
  const databases = await pair(13, 18, 'half')
  await sql(
    databases.source,
    `create table big (id int primary key, t text); create table small (id int primary key);
    insert into big select i, repeat('x', 200) from generate_series(1, 200000) as i; insert into small select generate_series(1, 50)`,
  )
  const life = await shopMigration(databases)
  await life.ask('replicating')
  await life.plan()
  expect(await life.killedAt('after-sql:subscription.target', 'apply', 'plan.json')).toMatchObject({
    signal: 'SIGKILL',
  })
  await expect.poll(() => sql(databases.target, 'select from small'), { timeout: 30_000 }).toHaveLength(50)
  const [subscription] = await sql<{ name: string }>(
    databases.target,
    `select quote_ident(subname) as name from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())`,
  )
  const name = subscription?.name ?? ''
  await sql(databases.target, `alter subscription ${name} disable`)
  await sql(databases.target, `alter subscription ${name} set (slot_name = none)`)
  await sql(databases.target, `drop subscription ${name}`)
  expect((await life.belt('plan')).stdout).toContain('target-not-empty')
  await life.plan('--restart')
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  expect(await rowsOf(databases.target)).toEqual(await rowsOf(databases.source))
})
