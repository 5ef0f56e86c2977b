import { expect, test } from 'vitest'
import type { Action, ActionKind, ActionOf } from '../../../src/actions/action.js'
import type { Plan } from '../../../src/plan/plan.js'
import { MINIMAL } from '../spec/load-text.js'
import { script, slot, subscription, table, tableObject } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { STREAMING_STATE } from './support/troubles/state.js'
import { NAMES } from './support/troubles/trouble.js'

const ORDERS_READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]
const SIDE = { tables: [table('orders')], ...script(tableObject('orders')) }

async function cutover(...lines: readonly string[]): Promise<Plan> {
  const plan = await planOf({
    state: STREAMING_STATE,
    source: { ...SIDE, slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }] },
    target: { ...SIDE, subscriptions: [subscription(NAMES.forward.subscription, ORDERS_READY)] },
    spec: `${MINIMAL.replace('stage: replicating', 'stage: cutover')}${lines.join('\n')}\n`,
  })
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return plan
}

function only<K extends ActionKind>({ actions }: Plan, kind: K): ActionOf<K> | undefined {
  return actions.find((a: Action): a is ActionOf<K> => a.kind === kind)
}

test('rows are compared before anything else of a handover, and the gate asks for it', async () => {
  const plan = await cutover()
  const compare = only(plan, 'compare-rows')
  const wanted = { depth: 'full', maxAgeMs: 86_400_000, tables: [{ schema: 'public', name: 'orders' }] }
  expect(compare).toMatchObject({ id: 'compare.cutover', from: 'source', after: [], wanted, phase: 'before pause' })
  // What takes a moment and keeps it from being compared in vain.
  expect(plan.actions.slice(0, 2).map((a) => a.id)).toEqual(['dial.source', 'compare.cutover'])
  const reached = new Set(['dial.source', 'compare.cutover'])
  for (const { id, after } of plan.actions) if (after.some((a) => reached.has(a))) reached.add(id)
  expect(plan.actions.filter((a) => !reached.has(a.id))).toEqual([])
  expect(only(plan, 'gate-handover')?.compared).toEqual(wanted)
  expect(only(plan, 'verify-handover')).toMatchObject({ again: wanted.tables, againMs: 3_000 })
  expect(Object.keys(plan.volatile.estimates)).toEqual(['compare.cutover', 'verify.cutover'])
})

test('a sample is as big as the spec says, and its age and the pause bound what is compared', async () => {
  const plan = await cutover(
    'cutover: { verify: sample, verify_max_age: 90min, max_pause: 5s }',
    'verify: { sample: 77 }',
  )
  expect(only(plan, 'gate-handover')?.compared).toMatchObject({ depth: { sample: 77 }, maxAgeMs: 5_400_000 })
  expect(only(plan, 'compare-rows')?.note).toContain('within 90 minutes')
  expect(only(plan, 'verify-handover')?.againMs).toBe(500)
})

test('with verify: none nothing is compared but what the pause copies', async () => {
  const plan = await cutover('cutover: { verify: none }')
  expect(only(plan, 'compare-rows')).toBe(undefined)
  expect(only(plan, 'gate-handover')).not.toHaveProperty('compared')
  expect(only(plan, 'verify-handover')).toMatchObject({ again: [], againMs: 0 })
})
