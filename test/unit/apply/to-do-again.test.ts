import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import type { ActionId } from '../../../src/actions/base.js'
import { toDoAgain } from '../../../src/apply/to-do-again.js'
import type { Pending } from '../../../src/apply/check-plan.js'
import { MINIMAL } from '../spec/load-text.js'
import { slot, subscription } from '../planner/support/catalog.js'
import { planOf } from '../planner/support/planned.js'
import { STREAMING_STATE } from '../planner/support/troubles/state.js'
import { NAMES, ORDERS } from '../planner/support/troubles/trouble.js'
import type { Plan } from '../../../src/plan/plan.js'

const READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]

async function cutover(): Promise<Plan> {
  const plan = await planOf({
    spec: `${MINIMAL.replace('stage: replicating', 'stage: cutover')}hooks: { after_fence: [{ name: flip, command: [flip] }] }\n`,
    state: STREAMING_STATE,
    source: { ...ORDERS, slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }] },
    target: { ...ORDERS, subscriptions: [subscription(NAMES.forward.subscription, READY)] },
  })
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return plan
}

/** Everything before `from` in the plan's order is done, but for what every run does again. */
function killedBefore(plan: Plan, from: string, again: readonly string[] = []): Pending {
  const index = plan.actions.findIndex((a) => a.id === from)
  expect(index).toBeGreaterThan(0)
  const isLeft = (a: Action, i: number): boolean => i >= index || again.includes(a.id)
  return {
    actions: plan.actions.filter(isLeft).map((action) => ({ action, found: 'absent' })),
    done: plan.actions.filter((a, i) => !isLeft(a, i)),
    begun: new Set<ActionId>(),
    cutShort: new Set<ActionId>(),
  }
}

const turnOf = (plan: Plan): number => plan.actions.findIndex((a) => a.id.startsWith('no-return.'))
const ids = (actions: readonly Action[]): readonly string[] => actions.map((a) => a.id)

test('what has its time before the pause is not done again behind the fence', async () => {
  const plan = await cutover()
  const everything: Pending = {
    ...killedBefore(plan, 'fence.source'),
    actions: plan.actions.map((action) => ({ action, found: 'absent' })),
    done: [],
  }
  const { pending } = toDoAgain(plan, everything, turnOf(plan))
  const left = ids(pending.actions.map((p) => p.action))
  expect(left).toContain('fence.source')
  expect(left).toContain('hook.after-fence.flip')
  for (const early of ['gate.cutover', 'sequences.ahead.target']) expect(left).not.toContain(early)
})

test('with the drain proven, nothing that ended the flow of changes is taken back', async () => {
  const plan = await cutover()
  const left = killedBefore(plan, 'no-return.target')
  const { first, pending } = toDoAgain(plan, left, turnOf(plan))
  expect(first).toEqual([])
  expect(ids(pending.actions.map((p) => p.action))).toEqual(['no-return.target'])
})

test('when the changes have to be drained once more, what ended their flow is taken back first, the last of it first', async () => {
  const plan = await cutover()
  const drain = plan.actions.find((a) => a.kind === 'drain')?.id ?? ''
  const left = killedBefore(plan, 'no-return.target', [drain])
  const { first, pending } = toDoAgain(plan, left, turnOf(plan))
  expect(ids(first)).toContain('stop.subscription.target')
  expect(ids(first)).not.toContain('fence.source')
  const order = (id: string): number => plan.actions.findIndex((a) => a.id === id)
  const places = ids(first).map(order)
  expect(places).toEqual([...places].sort((a, b) => b - a))
  // And all of it is done again behind the drain, in the plan's order.
  const again = ids(pending.actions.map((p) => p.action))
  expect(again).toEqual([...again].sort((a, b) => order(a) - order(b)))
  for (const id of [drain, ...ids(first)]) expect(again).toContain(id)
})
