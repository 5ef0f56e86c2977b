import { expect, test } from 'vitest'
import { sql, withClient, type TestDatabase } from '../../support/databases.js'
import { migration } from './support/migration.js'
import { ownPair } from './support/servers.js'
import { makeShop } from './support/shop.js'

/** Belt keeps the tables of the fenced side, as seen from another database: who looks from there is not in the way. */
async function isGuarded({ database, ...login }: TestDatabase): Promise<boolean> {
  const rows = await sql(
    { ...login, database: 'postgres' },
    `select from pg_locks as l join pg_stat_activity as a using (pid)
     where a.datname = '${database}' and l.mode = 'ShareLock' and l.granted and a.application_name like 'belt/%'`,
  )
  return rows.length > 0
}

test('a job of a superuser that connects inside the pause loses no committed row', async () => {
  const databases = await ownPair('late')
  const { source, target } = databases
  const shop = await makeShop(source)
  const life = await migration(databases, {
    copyRoles: [shop.app.name, shop.granted.name],
    spec: { hooks: { before_open: [{ name: 'slow', command: ['sleep', '1'], handover: 'cutover' }] } },
  })
  await life.reach('replicating')
  await life.ask('cutover')
  await life.plan()
  const running = await life.start('apply', 'plan.json')
  const run = { over: false }
  const finished = running.done.finally(() => {
    run.over = true
  })
  await expect.poll(() => isGuarded(source), { interval: 5, timeout: 200_000 }).toBe(true)
  let refused = 0
  while (!run.over) {
    await withClient(source, async (client) => {
      client.on('error', () => undefined)
      await client.query(`insert into public.orders (n, note) values (1, clock_timestamp()::text)`)
      await client.query(`insert into public.keyless values (77, clock_timestamp()::text)`)
    }).catch(() => {
      refused += 1
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(await finished).toMatchObject({ code: 0 })
  expect(refused).toBeGreaterThan(0)
  const [turn] = await sql(source, `select at::text as at from belt.record where action = 'open.target'`)
  const written = `select note as at from public.orders where note like '20%' and note::timestamptz < '${String(turn?.['at'])}'
    union select b from public.keyless where a = 77 and b::timestamptz < '${String(turn?.['at'])}'`
  const onTarget = new Set(
    (await sql(target, `select note as at from public.orders union select b from public.keyless`)).map((r) => r['at']),
  )
  expect((await sql(source, written)).filter((r) => !onTarget.has(r['at']))).toEqual([])
})
