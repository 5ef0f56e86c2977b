import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import type { DebianMajor } from '../../support/debian.js'
import { expectSameRows } from '../breadth/support/rows.js'
import type { Migration } from '../handover/support/migration.js'
import { busy, type Busy } from './support/busy.js'

const PAIRS: readonly (readonly [from: DebianMajor, to: DebianMajor])[] = [
  [13, 15],
  [15, 17],
  [17, 18],
]
/** Killed behind its SQL an action is found done, so nothing is left to be killed behind its record. */
const ROUNDS = [
  ['before-intent', 'after-intent', 'after-sql'],
  ['before-intent', 'after-record'],
] as const
const APPROVED = ['truncate-target#resync.public.orders']

test.each(PAIRS)(
  'from %i to %i one table is copied anew under writers, with belt killed at every point of every action',
  async (from, to) => {
    const run = await busy('resync', from, to, { approve: APPROVED })
    const { life } = run
    for (const points of ROUNDS) {
      await sql(
        life.target,
        `update orders set v = -1 where id < 100; delete from orders where id > 15000 and id < 15100`,
      )
      const plan = await life.plan('--resync', 'public.orders')
      const ids = plan.actions.map((a) => a.id as string)
      expect(ids).toEqual([
        'resync-begin.public.orders',
        'resync-aside.public.orders',
        'resync-passed.public.orders',
        'resync.public.orders',
        'copy.target',
        'analyze.target',
        'lag.target',
        'compare.copied',
        'verify.rows',
      ])
      await killedThrough(
        run,
        ids.filter((id) => /^(resync|compare)/.test(id)),
        points,
      )
      const applied = await life.belt('apply', 'plan.json')
      expect(applied, applied.stderr).toMatchObject({ code: 0 })
    }
    await converges(run)
  },
)

test('half-way taken aside, a plan made without being asked goes on with it', async () => {
  const run = await busy('halfway', 15, 17, { approve: APPROVED })
  const { life, writers } = run
  await life.plan('--resync', 'public.orders')
  expect(await life.killedAt('after-sql:resync-aside.public.orders', 'apply', 'plan.json')).toMatchObject({
    signal: 'SIGKILL',
  })
  await writers.progress(50)
  const plan = await life.plan()
  expect(plan.actions.map((a) => a.id)).toContain('resync.public.orders')
  await converges(run)
})

test('a restart of its worker within the copy, which pglogical does not survive whole, is found and mended', async () => {
  const run = await busy('restarted', 13, 15, { rows: 60_000, approve: APPROVED })
  const { life } = run
  for (let round = 0; ; round++) {
    await life.plan('--resync', 'public.orders')
    const killed = await life.killedAt('after-sql:resync.public.orders', 'apply', 'plan.json')
    expect(killed).toMatchObject({ signal: 'SIGKILL' })
    if (round < 3) await restartWorker(life)
    const applied = await life.belt('apply', 'plan.json')
    if (applied.code === 0) break
    expect(applied).toMatchObject({ code: 4 })
    expect(applied.stderr).toMatch(/rows-differ|verify-differs/)
    expect(applied.stderr).toContain('belt plan --resync')
  }
  await converges(run)
})

test('a table that was dropped on the target is made and copied by the plan, also when belt is killed', async () => {
  const run = await busy('dropped', 15, 17)
  const { life, writers } = run
  await sql(life.target, 'drop table orders cascade')
  await writers.progress(30)
  const plan = await life.plan()
  const ids: readonly string[] = plan.actions.map((a) => a.id)
  const order = ['resync-begin', 'table', 'resync-aside', 'redial-start', 'resync-passed', 'resync', 'copy', 'compare']
  expect(ids.filter((id) => order.includes(id.split('.')[0] ?? '')).map((id) => id.split('.')[0])).toEqual(order)
  const killed = ids.filter((id) => /^(resync|redial|table)/.test(id))
  await killedThrough(run, killed, ROUNDS[0])
  await converges(run)
  expect(await sql(life.target, `select conname::text from pg_constraint where conname = 'line_o_fkey'`)).toHaveLength(
    1,
  )
})

async function killedThrough(
  { life, writers }: Busy,
  ids: readonly string[],
  points: readonly string[],
): Promise<void> {
  for (const id of ids) {
    for (const point of points) {
      const killed = await life.killedAt(`${point}:${id}`, 'apply', 'plan.json')
      expect(killed, `${point}:${id} ${killed.stderr}`).toMatchObject({ signal: 'SIGKILL' })
      await writers.progress(10)
    }
  }
}

async function restartWorker({ target }: Migration): Promise<void> {
  for (const verb of ['disable', 'enable']) {
    await sql(target, `select pglogical.alter_subscription_${verb}(sub_name, true) from pglogical.subscription`)
  }
}

/** The same plan, applied once more, comes to its end; every value is the same, and nothing is left to do. */
async function converges({ life, writers }: Busy): Promise<void> {
  const last = await life.belt('apply', 'plan.json')
  expect(last, last.stderr).toMatchObject({ code: 0 })
  await writers.progress(30)
  const verified = await life.belt('verify')
  expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 })
  await writers.stop()
  await expectSameRows(life.source, life.target)
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  const again = await life.belt('apply', 'plan.json')
  expect(again, again.stderr).toMatchObject({ code: 0 })
  await expectSameRows(life.source, life.target)
}
