import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { blockDrain, hold } from './support/blocked.js'
import { ENGINES } from './support/engines.js'
import { expectCutsOver, expectSourceServes, ready } from './support/ready.js'
import { as, letsIn, trade } from './support/shop.js'
import { accessOf } from './support/stand.js'

test.each(ENGINES)(
  '$engine from $from to $to: a pause that is spent in the drain is taken back, and a later cutover works',
  async (carried) => {
    const all = await ready('spent', { max_pause: '5s' }, [], carried)
    const before = await accessOf(all.source)
    const release = await blockDrain(all)
    const run = await all.life.belt('apply', 'plan.json')
    expect(run, run.stderr).toMatchObject({ code: 4 })
    expect(run.stderr).toMatch(/cutover\.max_pause \(5 s\) is spent/u)
    await expectSourceServes(all, before)
    await release()
    await expectCutsOver(all)
  },
)

test('a pause that is spent at a copied table is taken back, and a later cutover works', async () => {
  const all = await ready('spent', { max_pause: '5s' })
  const { source, target, shop, life } = all
  const before = await accessOf(source)
  await life.ask('cutover')
  await life.plan()
  const release = await hold(target, 'lock table documents in share mode')
  await sql(as(source, shop.app), `update orders set note = 'late' where id = 10`)
  const run = await life.belt('apply', 'plan.json')
  expect(run, run.stderr).toMatchObject({ code: 4 })
  expect(run.stderr).toMatch(/handover-given-up/u)
  await expectSourceServes(all, before)
  await release()
  await expectCutsOver(all)
})

test.each(ENGINES)(
  '$engine from $from to $to: with the target gone for good, the source is opened again from the source alone',
  async (carried) => {
    const all = await ready('gone', { max_pause: '60s' }, [], carried)
    const { source, shop, life, servers } = all
    const before = await accessOf(source)
    await life.ask('cutover')
    await life.plan()
    // Behind everything that could be left on the target.
    const killed = await life.killedAt('after-sql:triggers.source', 'apply', 'plan.json')
    expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    expect(await letsIn(source, shop.app)).toBe(false)
    await servers.target.kill9()
    const run = await life.belt('apply', 'plan.json')
    expect(run, run.stderr).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('handover-given-up')
    expect(await letsIn(source, shop.app)).toBe(true)
    expect(await letsIn(source, shop.granted)).toBe(true)
    expect(await accessOf(source)).toEqual(before)
    await trade(as(source, shop.app), 3)

    await servers.target.restart()
    await life.ask('replicating')
    await life.plan()
    const mended = await life.belt('apply', 'plan.json')
    expect(mended, mended.stderr).toMatchObject({ code: 0 })
    await expectCutsOver(all)
  },
)
