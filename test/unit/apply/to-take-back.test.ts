import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { toTakeBack } from '../../../src/apply/to-take-back.js'
import type { SavedPlan } from '../../../src/plan/plan-file.js'
import type { State } from '../../../src/state/state.js'

const action = (id: string, side: string, phase: string): Action =>
  ({ id, side, phase, abort: [`take back ${id}`] }) as unknown as Action
const ACTIONS = [
  action('slot.reverse', 'target', 'before pause'),
  { ...action('hook.before', 'source', 'before pause'), abort: undefined } as unknown as Action,
  action('fence.source', 'source', 'pause'),
  action('trigger.source', 'source', 'pause'),
  action('stop.target', 'target', 'pause'),
]
const saved = { digest: 'mine', plan: { actions: ACTIONS } } as unknown as SavedPlan
const ALL = ['stop.target', 'trigger.source', 'fence.source', 'slot.reverse']

function knows(...begun: readonly string[]): State {
  return { actions: Object.fromEntries(begun.map((id) => [id, { plan: 'mine' }])) } as unknown as State
}
const ids = (known: State | undefined, closed: boolean): readonly string[] =>
  toTakeBack(saved, known, closed).map((a) => a.id)

test('behind the fence what was begun is taken back, last first', () => {
  expect(ids(knows('slot.reverse', 'fence.source', 'trigger.source'), true)).toEqual([
    'trigger.source',
    'fence.source',
    'slot.reverse',
  ])
})

test('a hook that fails before the fence has nothing touched of what belongs into the pause', () => {
  expect(ids(knows('slot.reverse', 'hook.before'), false)).toEqual(['slot.reverse'])
  expect(ids(knows('hook.before'), false)).toEqual([])
})

test('nor has the same plan once its handover was given up before', () => {
  expect(ids(knows('slot.reverse', 'fence.source', 'trigger.source', 'stop.target'), false)).toEqual(['slot.reverse'])
})

test('with a state that knows nothing of the plan, or not of the fence that stands, everything is tried', () => {
  expect(ids(undefined, true)).toEqual(ALL)
  expect(ids(knows(), false)).toEqual(ALL)
  expect(ids(knows('slot.reverse'), true)).toEqual(ALL)
})
