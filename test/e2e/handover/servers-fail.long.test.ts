import { expect, test } from 'vitest'
import { rowsOf } from '../breadth/support/rows.js'
import { blockDrain } from './support/blocked.js'
import { ENGINES, notStreamed } from './support/engines.js'
import { expectCutsOver, expectSourceServes, ready } from './support/ready.js'
import { as, letsIn, trade } from './support/shop.js'
import { accessOf } from './support/stand.js'

const DRAINING = 'every change of the source is on the target'

test.each(ENGINES)(
  '$engine from $from to $to: the target restarted in the drain: the source is opened again, and a later cutover works',
  async (carried) => {
    const all = await ready('drained', { max_pause: '60s' }, [], carried)
    const { source, life, servers } = all
    const before = await accessOf(source)
    await blockDrain(all)
    const running = await life.start('apply', 'plan.json')
    await running.saw(DRAINING)
    await servers.target.restart()
    const run = await running.done
    expect(run, run.stderr).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('handover-given-up')
    await expectSourceServes(all, before)
    await life.ask('replicating')
    await life.plan()
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
    await expectCutsOver(all)
  },
)

test.each(ENGINES)(
  '$engine from $from to $to: the source restarted behind the fence is opened again as soon as it answers',
  async (carried) => {
    const all = await ready('restarted', { max_pause: '60s' }, [], carried)
    const { source, life, servers } = all
    const before = await accessOf(source)
    const release = await blockDrain(all)
    const running = await life.start('apply', 'plan.json')
    await running.saw(DRAINING)
    await servers.source.kill9()
    await servers.source.restart()
    const run = await running.done
    expect(run, run.stderr).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('handover-given-up')
    await expectSourceServes(all, before)
    await release()
    await expectCutsOver(all)
  },
)

test.each(ENGINES)(
  '$engine from $from to $to: past the point of no return with the fenced server dead, the new side is opened all the same',
  async (carried) => {
    const all = await ready('dead', { max_pause: '60s' }, [], carried)
    const { source, target, shop, life, servers } = all
    await life.ask('cutover')
    await life.plan()
    const killed = await life.killedAt('after-record:no-return.target', 'apply', 'plan.json')
    expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([false, false])
    await servers.source.kill9()
    const run = await life.belt('apply', 'plan.json')
    expect(run, run.stderr).toMatchObject({ code: 4 })
    expect(run.stderr).toContain('opened-alone')
    expect(await letsIn(target, shop.app)).toBe(true)
    await trade(as(target, shop.app), 1)
    // Nothing more can be done while it is away, and nothing is undone.
    expect(await life.belt('apply', 'plan.json')).toMatchObject({ code: 1 })
    expect(await letsIn(target, shop.granted)).toBe(true)

    await servers.source.restart()
    const rest = await life.belt('apply', 'plan.json')
    expect(rest, rest.stderr).toMatchObject({ code: 0 })
    expect([await letsIn(source, shop.app), await letsIn(target, shop.app)]).toEqual([false, true])
    const except = notStreamed(carried)
    const wanted = await rowsOf(target, except)
    await expect.poll(() => rowsOf(source, except), { timeout: 20_000, interval: 100 }).toEqual(wanted)
    await life.reach('rolled-back')
    expect(await letsIn(source, shop.app)).toBe(true)
  },
)

test('before the point of no return a dead fenced server leaves the target closed', async () => {
  const all = await ready('early', { max_pause: '60s' })
  const { source, target, shop, life, servers } = all
  const before = await accessOf(source)
  await life.ask('cutover')
  await life.plan()
  const killed = await life.killedAt('after-sql:triggers.source', 'apply', 'plan.json')
  expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
  await servers.source.kill9()
  const alone = await life.belt('apply', 'plan.json')
  expect(alone, alone.stderr).toMatchObject({ code: 4 })
  // Nobody else looks after it, so the way back by hand is named.
  expect(alone.stderr).toContain('still-closed')
  expect(alone.stderr).toContain('reopen-source.sql')
  expect(await letsIn(target, shop.app)).toBe(false)
  await servers.source.restart()
  // Meanwhile the pause may be spent or not; either way one side serves in the end.
  const run = await life.belt('apply', 'plan.json')
  const open = [await letsIn(source, shop.app), await letsIn(target, shop.app)]
  if (run.code === 0) expect(open).toEqual([false, true])
  else {
    expect(run.stderr).toContain('handover-given-up')
    expect(open).toEqual([true, false])
    expect(await accessOf(source)).toEqual(before)
  }
})
