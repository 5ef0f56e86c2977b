import { describe, expect, test } from 'vitest'
import { failedActions } from '../../../src/cli/status/failed-actions.js'
import type { ActionRecord, State } from '../../../src/state/state.js'
import { loadGood, MINIMAL } from '../spec/load-text.js'
import { slot, subscription } from './support/catalog.js'
import { contextOf, planOf, type Situation } from './support/planned.js'
import { record } from './support/troubles/restart.js'
import { STREAMING_STATE } from './support/troubles/state.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

const CUTOVER = MINIMAL.replace('stage: replicating', 'stage: cutover')
const READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]
const PAST = { 'handover cutover fenced no return': { at: '2026-11-05T10:00:00Z' } }
const RUN = { id: 'r1', plan: 'p1', host: 'ci', pid: 1, startedAt: '2026-11-05T10:00:00Z' }

function ended(status: ActionRecord['status'], plan = 'p1'): ActionRecord {
  const error = status === 'failed' ? { error: 'exited with 5' } : {}
  return { status, plan, run: 'r1', startedAt: '2026-11-05T10:00:00Z', ...error }
}

/** The target was opened and serves; what is left of the plan are hooks. */
function opened(hooks: string, state: Partial<State>): Situation {
  return {
    spec: `${CUTOVER}hooks: { after_open: [${hooks}] }\n`,
    source: {
      ...ORDERS,
      records: [record('fence.source'), record('open.target')],
      subscriptions: [subscription(NAMES.reverse.subscription, READY)],
    },
    target: { ...ORDERS, slots: [{ ...slot(NAMES.reverse.slot, true), database: 'shop' }], records: [] },
    state: { ...STREAMING_STATE, run: RUN, ...state },
  }
}

async function hooksOf(situation: Situation): Promise<readonly string[]> {
  const { actions, diagnostics } = await planOf(situation)
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return actions.flatMap((a) => (a.kind === 'run-hook' ? [a.title] : []))
}

const DNS = '{ name: dns, command: [flip] }'
const POOLER = '{ name: pooler, command: [resume] }'

describe('after_open hooks of a handover that is not over', () => {
  test('are planned as the spec has them now, when they have failed or were never begun', async () => {
    const situation = opened(`{ name: dns, command: [flip, right] }, ${POOLER}`, {
      marks: PAST,
      actions: { 'hook.after-open.dns': ended('failed') },
    })
    expect(await hooksOf(situation)).toEqual(['hook dns: flip right', 'hook pooler: resume'])
  })

  test('are planned behind everything else that is left', async () => {
    const situation = opened(DNS, { marks: PAST })
    const plan = await planOf({
      ...situation,
      source: { ...situation.source, slots: [slot(NAMES.forward.slot, false)] },
    })
    expect(plan.actions.length).toBeGreaterThan(1)
    expect(plan.actions.at(-1)?.id).toBe('hook.after-open.dns')
    const others = plan.actions.slice(0, -1).map((a) => a.id)
    expect(others.filter((id) => plan.actions.at(-1)?.after.includes(id))).not.toEqual([])
  })

  test('are not planned again when they have ended well, whatever their text is by now', async () => {
    const marks = { ...PAST, 'handover cutover hook after_open dns': { at: '2026-11-05T10:00:01Z' } }
    expect(await hooksOf(opened(`{ name: dns, command: [other] }, ${POOLER}`, { marks }))).toEqual([
      'hook pooler: resume',
    ])
  })

  test('that the spec has no more are asked for no more', async () => {
    const plan = await planOf({
      ...opened(DNS, { marks: PAST, actions: { 'hook.after-open.dns': ended('failed') } }),
      spec: CUTOVER,
    })
    expect(plan.actions.filter((a) => a.kind === 'run-hook')).toEqual([])
  })

  test('are not run on a guess: not at a stage that is recorded, not for a state that knows of no handover', async () => {
    const failed = { 'hook.after-open.dns': ended('failed') }
    expect(await hooksOf(opened(DNS, { stage: 'cutover', actions: failed }))).toEqual([])
    expect(await hooksOf(opened(DNS, { stage: 'absent' }))).toEqual([])
    const { state: _, ...lost } = opened(DNS, {})
    expect(await hooksOf(lost)).toEqual([])
  })

  test('are told by their failure alone where the state has not noted the point of no return', async () => {
    expect(await hooksOf(opened(DNS, { actions: { 'hook.after-open.dns': ended('running') } }))).toHaveLength(1)
  })
})

describe('what belt status calls failed', () => {
  const state: State = {
    ...STREAMING_STATE,
    run: RUN,
    actions: {
      'hook.after-open.dns': ended('failed'),
      'index.target.public.a': ended('failed', 'p0'),
      'slot.source': ended('done'),
    },
  }

  test('are failures of the plan that was applied last', async () => {
    const { spec } = await contextOf(opened(DNS, {}))
    expect(failedActions(state, spec)).toEqual([{ action: 'hook.after-open.dns', error: 'exited with 5' }])
    expect(failedActions({ ...state, run: { ...RUN, plan: 'p2' } }, spec)).toEqual([])
    expect(failedActions(undefined, spec)).toEqual([])
  })

  test('are no hooks that the spec has no more', async () => {
    expect(failedActions(state, await loadGood(MINIMAL))).toEqual([])
  })
})
