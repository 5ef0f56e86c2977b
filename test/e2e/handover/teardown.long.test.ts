import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { sql, type TestDatabase } from '../../support/databases.js'
import { migration } from './support/migration.js'
import { ownPair } from './support/servers.js'
import { as, makeShop, trade } from './support/shop.js'
import { tracesOf } from './support/traces.js'

/** A client that looked at a table and forgot to end its transaction. */
async function idleIn(database: TestDatabase, table: string): Promise<{ readonly pid: number; end(): Promise<void> }> {
  const { host, port, user, password, database: name } = database
  const client = new pg.Client({ host, port, user, password, database: name, application_name: 'forgotten' })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end().catch(() => undefined))
  await client.query(`begin; select from ${table} limit 1`)
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return { pid: rows[0]?.pid ?? 0, end: () => client.end() }
}

test('called off before and after a cutover, a migration leaves the source to the grant as it was, and nothing of its own', async () => {
  const databases = await ownPair('traces')
  const { source, target } = databases
  const shop = await makeShop(source)
  const before = await tracesOf(source)
  const life = await migration(databases, { copyRoles: [shop.app.name, shop.granted.name] })
  await life.reach('replicating')
  await life.reach('absent')
  expect(await tracesOf(source)).toEqual(before)
  const left = await tracesOf(target)
  const ofBelt = (rows: typeof left): typeof left =>
    rows.filter(
      (r) =>
        /belt/.test(String(r['name'])) ||
        String(r['value']).includes(life.replicationRole) ||
        r['name'] === life.replicationRole,
    )
  expect(ofBelt(left)).toEqual([])
  for (const what of ['slot', 'origin', 'subscription', 'publication']) {
    expect(
      left.filter((r) => r['what'] === what),
      what,
    ).toEqual([])
  }

  await sql(
    target,
    `drop schema public cascade; create schema public authorization pg_database_owner; grant usage on schema public to public`,
  )
  await life.reach('replicating')
  await life.reach('cutover')
  await trade(as(target, shop.app), 1)
  await life.reach('rolled-back')
  await life.reach('absent')
  expect(await tracesOf(source)).toEqual(before)
  const after = await tracesOf(target)
  expect(ofBelt(after)).toEqual([])
  for (const what of ['slot', 'origin', 'subscription', 'publication']) {
    expect(
      after.filter((r) => r['what'] === what),
      what,
    ).toEqual([])
  }
})

test('a session that holds a table during a teardown is named and waited for, and ended only where that is approved', async () => {
  const databases = await ownPair('held')
  const { source, target } = databases
  await sql(source, `create table keyless (a int); insert into keyless select generate_series(1, 20)`)
  const life = await migration(databases, { approve: ['end-sessions#end-sessions.target'] })
  await life.reach('replicating')
  const idle = await idleIn(target, 'keyless')
  await life.ask('absent', false)
  // Shorter transactions than two seconds are not worth a word.
  await expect
    .poll(async () => (await life.belt('plan')).stdout, { timeout: 30_000 })
    .toContain(`lock-holder (target): pid ${String(idle.pid)} (postgres, forgotten, idle in transaction`)
  await life.plan()
  const waiting = await life.start('apply', 'plan.json')
  await waiting.saw(`forgotten (process ${String(idle.pid)}, idle in transaction`)
  waiting.kill('SIGINT')
  expect((await waiting.done).code).toBe(130)
  expect(await sql(target, 'select from pg_stat_activity where pid = $1', [idle.pid])).toHaveLength(1)

  await life.ask('absent')
  const { actions } = await life.plan()
  expect(actions.map((a) => a.id)).toContain('end-sessions.target')
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  expect(await sql(target, 'select from pg_stat_activity where pid = $1', [idle.pid])).toHaveLength(0)
  expect(await sql(target, `select relreplident::text as i from pg_class where relname = 'keyless'`)).toEqual([
    { i: 'd' },
  ])
})
