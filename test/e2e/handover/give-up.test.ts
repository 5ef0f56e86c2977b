import { expect, test } from 'vitest'
import { blockDrain } from './support/blocked.js'
import { expectSourceServes, ready } from './support/ready.js'
import { accessOf } from './support/stand.js'

test('a pause that is spent in the drain is taken back: the source serves as before', async () => {
  const all = await ready('drain', { max_pause: '2s' })
  const before = await accessOf(all.source)
  await blockDrain(all)
  const run = await all.life.belt('apply', 'plan.json')
  expect(run, run.stderr).toMatchObject({ code: 4 })
  expect(run.stderr).toMatch(/handover-given-up/u)
  expect(run.stderr).toMatch(/cutover\.max_pause \(2 s\) is spent/u)
  await expectSourceServes(all, before)
})
