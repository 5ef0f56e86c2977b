import { expect, test } from 'vitest'
import { swappedText } from '../../../src/render/side-check-text.js'
import { table } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { record } from './support/troubles/restart.js'
import { ORDERS } from './support/troubles/trouble.js'

const BILLING = table('billing', { volatile: { ...table('billing').volatile, heapBytes: 8192 } })

test('closing a target with rows that the source does not have needs an approval, and only the first time', async () => {
  const situation = { source: ORDERS, target: { tables: [BILLING] } }
  const fence = (await planOf(situation)).actions.find((a) => a.id === 'fence.target')
  expect(fence?.hazards).toEqual([
    {
      code: 'closes-tables',
      message:
        'the target holds 1 table with rows that the source does not have (public.billing): no application can reach it until cutover',
      approval: true,
    },
  ])
  const again = await planOf({ ...situation, target: { ...situation.target, records: [record('fence.target')] } })
  expect(again.actions.find((a) => a.id === 'fence.target')?.hazards).toEqual([])
})

test('init warns when only the target holds tables', () => {
  expect(swappedText([0, 1])).toMatch(/^Warning: the source holds no table and the target 1 table: are they swapped\?/)
  for (const tables of [[1, 1], [0, 0], [3, 0], [0], []]) expect(swappedText(tables)).toBe('')
})
