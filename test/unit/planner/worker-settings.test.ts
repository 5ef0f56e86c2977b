import { expect, test } from 'vitest'
import { planWorkerSettings } from '../../../src/planner/rules/worker-settings.js'
import { MINIMAL } from '../spec/load-text.js'
import { script, slot, subscription, table, tableObject } from './support/catalog.js'
import { contextOf, planOf } from './support/planned.js'
import { STREAMING_STATE } from './support/troubles/state.js'
import { NAMES } from './support/troubles/trouble.js'

const SIDE = { tables: [table('orders')], ...script(tableObject('orders')) }
const HOSTILE = { lock_timeout: '500', array_nulls: 'off', xmloption: 'content' }

test('the workers of either direction get what the settings of their database would take from them', async () => {
  const context = await contextOf({ sourceSettings: HOSTILE })
  expect(planWorkerSettings(context, 'target').actions).toEqual([])
  expect(planWorkerSettings(context, 'source').actions).toMatchObject([
    {
      id: 'settings.source.workers',
      side: 'source',
      sql: [
        expect.stringContaining('insert into belt.record'),
        "alter role postgres in database shop set lock_timeout = '0'",
        "alter role postgres in database shop set array_nulls = 'on'",
      ],
    },
  ])
})

test('a cutover gives them to the source before its subscription is made', async () => {
  const { actions } = await planOf({
    state: STREAMING_STATE,
    source: { ...SIDE, slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }] },
    target: {
      ...SIDE,
      subscriptions: [subscription(NAMES.forward.subscription, [{ schema: 'public', name: 'orders', state: 'ready' }])],
    },
    sourceSettings: HOSTILE,
    spec: MINIMAL.replace('stage: replicating', 'stage: cutover'),
  })
  const ids = actions.map((a): string => a.id)
  expect(ids).toContain('settings.source.workers')
  const made = ids.findIndex((id) => id.startsWith('subscription.source'))
  expect(made).toBeGreaterThan(0)
  expect(ids.indexOf('settings.source.workers')).toBeLessThan(made)
})
