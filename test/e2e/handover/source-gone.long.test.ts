import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { rowsOf } from '../breadth/support/rows.js'
import { sql } from '../../support/databases.js'
import { ready } from './support/ready.js'
import { as, letsIn, trade } from './support/shop.js'
import { leftOfBelt } from './support/stand.js'

const GONE = { gone: 'source' }

test.each(['kept', 'lost'] as const)(
  'with the source switched off after the cutover (state %s), finalized is reached on the target alone, and a source that comes back is tidied up',
  async (memory) => {
    const all = await ready('off', { max_pause: '60s' }, ['source-gone#drop.records.target'])
    const { source, target, shop, life, servers } = all
    await life.reach('cutover')
    await trade(as(target, shop.app), 1)
    await life.ask('finalized', true, GONE)
    const early = await life.belt('plan')
    expect(early.stderr).toContain('not-gone')
    await servers.source.kill9()
    if (memory === 'lost') await rm(path.dirname(life.statePath), { recursive: true })

    await life.ask('cutover', true, GONE)
    expect((await life.belt('plan')).stdout).toContain('source-gone')
    await life.ask('finalized', false, GONE)
    const shown = await life.belt('plan', '--out', 'plan.json')
    expect(shown, shown.stderr).toMatchObject({ code: 0 })
    expect(shown.stdout).toContain('left-on-source')
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 3 })
    await life.ask('finalized', true, GONE)
    const { actions } = await life.plan()
    expect(actions.filter((a) => a.side === 'source')).toEqual([])
    const killed = await life.killedAt('after-sql:drop.slot.target', 'apply', 'plan.json')
    expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    const applied = await life.belt('apply', 'plan.json')
    expect(applied, applied.stderr).toMatchObject({ code: 0 })
    expect(await leftOfBelt(target, life.name, life.replicationRole)).toEqual([])
    expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
    expect(await life.belt('drift')).toMatchObject({ code: 0 })
    expect((await life.belt('status')).stdout).toContain('finalized')
    await trade(as(target, shop.app), 2)

    await servers.source.restart()
    await life.ask('finalized')
    const back = await life.plan()
    expect(back.actions.every((a) => a.side === 'source')).toBe(true)
    expect(back.actions.map((a) => a.id)).toContain('drop.subscription.source')
    const tidied = await life.belt('apply', 'plan.json')
    expect(tidied, tidied.stderr).toMatchObject({ code: 0 })
    expect(await leftOfBelt(source, life.name, life.replicationRole)).toEqual([])
    expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([false, true])
  },
)

test('killed as it passed the point of no return, with the source dead afterwards: the target opens once somebody says that it is gone', async () => {
  const all = await ready('turn', { max_pause: '60s' }, ['source-gone#drop.records.target'])
  const { source, target, shop, life, servers } = all
  await life.ask('cutover')
  await life.plan()
  const killed = await life.killedAt('after-sql:no-return.target', 'apply', 'plan.json')
  expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
  await servers.source.kill9()
  const run = await life.belt('apply', 'plan.json')
  expect(run, run.stderr).toMatchObject({ code: 4 })
  expect(run.stderr).toContain('turn-unknown')
  expect(await letsIn(target, shop.app)).toBe(false)

  await life.ask('cutover', true, GONE)
  const opened = await life.belt('apply', 'plan.json')
  expect(opened, opened.stderr).toMatchObject({ code: 4 })
  expect(opened.stderr).toContain('opened-alone')
  await trade(as(target, shop.app), 1)
  await life.ask('finalized', true, GONE)
  await life.plan()
  const done = await life.belt('apply', 'plan.json')
  expect(done, done.stderr).toMatchObject({ code: 0 })
  expect(await leftOfBelt(target, life.name, life.replicationRole)).toEqual([])
  expect(await letsIn(target, shop.granted)).toBe(true)

  await servers.source.restart()
  await life.reach('finalized')
  expect(await leftOfBelt(source, life.name, life.replicationRole)).toEqual([])
  expect(await letsIn(source, shop.app)).toBe(false)
})

test.each(['the same plan', 'a new plan'] as const)(
  'a source that was given up before it knew of the point of no return, and comes back, stays closed: %s goes on',
  async (how) => {
    const all = await ready('back', { max_pause: '60s' })
    const { source, target, shop, life, servers } = all
    await life.ask('cutover')
    await life.plan()
    // The statement never reached the source.
    const killed = await life.killedAt('after-intent:no-return.target', 'apply', 'plan.json')
    expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    await servers.source.kill9()
    await life.ask('cutover', true, GONE)
    const opened = await life.belt('apply', 'plan.json')
    expect(opened.stderr).toContain('opened-alone')
    await trade(as(target, shop.app), 1)
    await servers.source.restart()
    expect((await life.belt('apply', 'plan.json')).stderr).toContain('not-gone')
    await life.ask('cutover')
    if (how === 'a new plan') {
      await rm(path.dirname(life.statePath), { recursive: true })
      await life.plan()
    }
    const rest = await life.belt('apply', 'plan.json')
    expect(rest, rest.stderr).toMatchObject({ code: 0 })
    expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([false, true])
    const except = ['public.documents']
    const wanted = await rowsOf(target, except)
    await expect.poll(() => rowsOf(source, except), { timeout: 20_000, interval: 100 }).toEqual(wanted)
    await life.reach('rolled-back')
    expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([true, false])
    expect(await rowsOf(source)).toEqual(await rowsOf(target))
  },
)

test('with the source gone before any cutover, absent opens the target with the rows that have arrived', async () => {
  const all = await ready('never', {}, ['source-gone#drop.records.target'])
  const { target, shop, life, servers } = all
  await servers.source.kill9()
  await life.ask('finalized', true, GONE)
  const refused = await life.belt('plan')
  expect(refused.code).toBe(1)
  expect(refused.stdout + refused.stderr).toContain('The target was not opened by a cutover')
  await life.ask('absent', true, GONE)
  await life.plan()
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  expect(await letsIn(target, shop.app)).toBe(true)
  expect(await leftOfBelt(target, life.name, life.replicationRole)).toEqual([])
  expect(await sql(target, 'select count(*)::int as n from orders')).toEqual([{ n: 64 }])
})
