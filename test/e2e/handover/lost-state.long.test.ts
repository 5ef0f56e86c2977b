import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { expectCutsOver, expectSourceServes, ready, type Ready } from './support/ready.js'
import { letsIn } from './support/shop.js'
import { accessOf } from './support/stand.js'

async function losesState(word: string): Promise<Ready & { readonly before: unknown }> {
  const all = await ready('lost', { max_pause: '120s' })
  const { source, shop, life } = all
  const before = await accessOf(source)
  await life.ask('cutover')
  await life.plan()
  const killed = await life.killedAt(`after-sql:${word}`, 'apply', 'plan.json')
  expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
  expect(await letsIn(source, shop.app)).toBe(false)
  await rm(path.dirname(life.statePath), { recursive: true })
  return { ...all, before }
}

test.each(['fence.source', 'triggers.source'])(
  'the state lost behind %s: the records on the servers are enough for a plan that opens the source as it was',
  async (word) => {
    const all = await losesState(word)
    const { life, before } = all
    const plan = await life.plan()
    expect(plan.actions.map((a) => a.id)).toContain('reopen.source')
    await life.belt('apply', 'plan.json')
    await expectSourceServes(all, before)
    await life.reach('replicating')
    await expectCutsOver(all)
  },
)

test.each(['stop.subscription.target', 'triggers.source'])(
  'the state lost behind %s: the same plan applied again ends with one side serving',
  async (word) => {
    const all = await losesState(word)
    const { life, source, target, shop, before } = all
    const run = await life.belt('apply', 'plan.json')
    const open = [await letsIn(source, shop.app), await letsIn(target, shop.app)]
    if (run.code === 0) expect(open).toEqual([false, true])
    else {
      expect(run.stderr).toContain('handover-given-up')
      await expectSourceServes(all, before)
      await life.reach('replicating')
      await expectCutsOver(all)
    }
  },
)
