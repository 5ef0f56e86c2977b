import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair, type OwnPair } from '../handover/support/servers.js'
import { alarm, mended, same, SHOP, withLog } from './support/down.js'

async function streaming(pair: OwnPair, approve: readonly string[] = []): Promise<Migration> {
  await sql(pair.source, SHOP)
  const life = await migration(pair, { approve })
  await life.reach('replicating')
  return life
}

test('a column and a table that are missing are named without a log, and mended', async () => {
  const pair = await ownPair('lack', { major: 15 }, { major: 17 })
  const life = await streaming(pair)
  await sql(pair.source, `alter table orders add column "Note" text; insert into orders values (101, 'x', 'y')`)
  const column = await alarm(life, /table public\.orders has no column "Note" on the target/)
  expect(column.fix).toContain('alter table public.orders add column "Note" text;')
  await sql(pair.target, `alter table public.orders add column "Note" text;`)
  await same(life)
  await sql(pair.target, 'drop table line')
  await sql(pair.source, 'insert into line values (101, 101)')
  await alarm(life, /table public\.line is not there on the target/)
  await life.reach('replicating')
  await same(life)
  await mended(life)
})

test('a subscription that disabled itself is told with what it failed at', async () => {
  const pair = await ownPair('self', { major: 15 }, withLog({ major: 17 }))
  const life = await streaming(pair, ['truncate-target#resync.public.orders'])
  const [row] = await sql<{ name: string }>(pair.target, 'select subname as name from pg_subscription')
  await sql(pair.target, `alter subscription ${row?.name ?? ''} set (disable_on_error = true)`)
  await sql(pair.target, `insert into orders values (101, 'x')`)
  await sql(pair.source, `insert into orders values (101, 'y')`)
  const found = await alarm(life, /drift-subscription-disabled.*duplicate key/)
  expect(found.fix).toContain('enable')
  await life.plan('--resync', 'public.orders')
  expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  await same(life)
  await mended(life)
})

test('a subscription that somebody disabled is enabled by the plan', async () => {
  const pair = await ownPair('off', { major: 15 }, { major: 17 })
  const life = await streaming(pair)
  const [row] = await sql<{ name: string }>(pair.target, 'select subname as name from pg_subscription')
  await sql(pair.target, `alter subscription ${row?.name ?? ''} disable`)
  await alarm(life, /drift-subscription-disabled/)
  await life.reach('replicating')
  await sql(pair.source, `insert into orders values (101, 'y')`)
  await same(life)
  await mended(life)
})
