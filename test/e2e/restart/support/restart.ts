import { expect } from 'vitest'
import type { Plan } from '../../../../src/plan/plan.js'
import type { EngineName } from '../../../../src/spec/spec.js'
import { sql, type TestDatabase } from '../../../support/databases.js'
import type { DatabasePair } from '../../../support/servers.js'
import { logStatements } from '../../../support/statement-log.js'
import { rowsOf } from '../../breadth/support/rows.js'
import { migration, type Migration } from '../../handover/support/migration.js'
import { as, makeShop, trade, type Shop } from '../../handover/support/shop.js'

/** What only the pause of a cutover carries, and what the source has not refreshed. */
const NOT_STREAMED: Readonly<Record<EngineName, readonly string[]>> = {
  native: ['public.documents', 'public.sums'],
  pglogical: ['public.documents', 'public.keyless', 'public.sums'],
}

export async function shopMigration(
  databases: DatabasePair,
  shop?: Shop,
  engine: EngineName = 'native',
): Promise<Migration> {
  return migration(databases, {
    copyRoles: shop === undefined ? [] : [shop.app.name, shop.granted.name],
    // Two index builds at once would make it chance which of them is done when belt is killed at the other.
    spec: { engine, indexes: { jobs: 1 } },
  })
}

/** Brings a migration to replicating, breaks it for good, and restarts it with belt killed at each of the points. */
export async function restartBroken(
  databases: DatabasePair,
  faults: (plan: Plan) => readonly string[],
  engine: EngineName = 'native',
): Promise<void> {
  const { source, target } = databases
  const shop = await makeShop(source)
  await sql(source, `create materialized view sums as select sum(n) as n from orders`)
  const life = await shopMigration(databases, shop, engine)
  await life.reach('replicating')
  await breakIt(life, engine)
  const log = await logStatements(target)
  const plan = await life.plan('--restart')
  for (const [round, fault] of faults(plan).entries()) {
    const killed = await life.killedAt(fault, 'apply', 'plan.json')
    expect(killed, fault + killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    if (round < 20) await trade(as(source, shop.app), round + 1)
  }
  const last = await life.belt('apply', 'plan.json')
  expect(last, last.stderr).toMatchObject({ code: 0 })
  await expectSame(life, engine)
  expect(await sql(target, 'select n from sums')).toEqual(await sql(target, 'select sum(n) as n from orders'))
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect((await life.state()).marks).toHaveProperty(['verified table public.orders'])
  // The plan is spent: once more it does nothing, and what is there stays.
  const again = await life.belt('apply', 'plan.json')
  expect(again, again.stderr).toMatchObject({ code: 0 })
  const truncated = (await log()).filter((s) => s.statement.startsWith('truncate table only public.'))
  expect(truncated).toHaveLength(1)
  await expectSame(life, engine)
}

/** The slot is gone, and somebody has written to the target: as after a server was put back to an earlier state. */
export async function breakIt({ source, target }: Migration, engine: EngineName = 'native'): Promise<void> {
  const [slot] = await sql<{ name: string }>(
    source,
    `select slot_name::text as name from pg_replication_slots where database = current_database()`,
  )
  const forward = slot?.name ?? ''
  await switchOver(target, forward, engine, 'disable')
  const drop = `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active`
  await expect.poll(() => sql(source, drop, [forward])).toHaveLength(1)
  await sql(target, `delete from entries where id % 2 = 0; update orders set note = 'lost'`)
  await switchOver(target, forward, engine, 'enable')
}

async function switchOver(
  target: TestDatabase,
  forward: string,
  engine: EngineName,
  verb: 'enable' | 'disable',
): Promise<void> {
  await sql(
    target,
    engine === 'native'
      ? `alter subscription ${forward} ${verb}`
      : `select pglogical.alter_subscription_${verb}(sub_name, true) from pglogical.subscription`,
  )
}

async function expectSame({ source, target }: Migration, engine: EngineName): Promise<void> {
  const wanted = await rowsOf(source, NOT_STREAMED[engine])
  await expect.poll(() => rowsOf(target, NOT_STREAMED[engine]), { interval: 100 }).toEqual(wanted)
}
