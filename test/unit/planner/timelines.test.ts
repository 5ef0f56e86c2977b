import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { noteTimelines } from '../../../src/apply/note-timelines.js'
import { noReturnMark } from '../../../src/migration/direction.js'
import { localStateStore } from '../../../src/state/local-store.js'
import type { Transition } from '../../../src/state/transition.js'
import { slot, subscription, table, script, tableObject } from './support/catalog.js'
import { contextOf, NOW, planOf, type Situation } from './support/planned.js'
import { STREAMING_STATE } from './support/troubles/state.js'
import { NAMES } from './support/troubles/trouble.js'

const ORDERS_READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]
const SIDE = { tables: [table('orders')], ...script(tableObject('orders')) }
const STREAMING: Situation = {
  state: STREAMING_STATE,
  source: { ...SIDE, slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }] },
  target: { ...SIDE, subscriptions: [subscription(NAMES.forward.subscription, ORDERS_READY)] },
}

async function verified(situation: Situation): Promise<readonly string[]> {
  const { actions } = await planOf(situation)
  return actions.filter((a) => a.kind === 'verify-rows').flatMap((a) => a.tables.map((t) => t.name))
}

test('what was verified counts no more once a server has left its timeline', async () => {
  expect(await verified(STREAMING)).toEqual([])
  expect(await verified({ ...STREAMING, sourceServer: { timeline: 2 } })).toEqual(['orders'])
  expect(await verified({ ...STREAMING, targetServer: { timeline: 2 } })).toEqual(['orders'])
})

test('the next apply takes the new timeline over, so that what it verifies counts', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'belt-timeline-'))
  try {
    const store = localStateStore(path.join(folder, 'shop.json'))
    const before = { ...STREAMING_STATE, stage: 'prepared' as const }
    await store.replace(before)
    const state = await store.open(before)
    const promoted = { ...STREAMING, sourceServer: { timeline: 2 } }
    await noteTimelines(state, await contextOf({ ...promoted, state: state.current() }))
    expect(await verified({ ...promoted, state: state.current() })).toEqual(['orders'])
    await state.append({ kind: 'mark-set', mark: 'verified table public.orders', at: NOW, evidence: {} })
    const { actions, diagnostics } = await planOf({ ...promoted, state: state.current() })
    expect(actions.filter((a) => a.kind === 'verify-rows')).toEqual([])
    expect(diagnostics.map((d) => d.code)).not.toContain('timeline-changed')
    await noteTimelines(state, await contextOf({ ...promoted, state: state.current() }))
    await state.close()
    expect((await store.read())?.marks).toHaveProperty(['verified table public.orders'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a point of no return that was passed is not forgotten with a timeline', async () => {
  const dropped: Transition[] = []
  const current = { ...STREAMING_STATE, marks: { [noReturnMark('target')]: { at: NOW, evidence: { fence: NOW } } } }
  const append = (t: Transition): Promise<void> => Promise.resolve(void dropped.push(t))
  const state = { current: () => current, append }
  await noteTimelines(state, await contextOf({ ...STREAMING, state: current, sourceServer: { timeline: 2 } }))
  expect(dropped.map((t) => t.kind)).toEqual(['server-identified'])
})

test('a timeline that cannot be read is no other one', async () => {
  expect(await verified({ ...STREAMING, sourceServer: { timeline: 0 } })).toEqual([])
})

test('a slot that is gone is never made again under a subscription that rests on it', async () => {
  const plan = await planOf({ ...STREAMING, source: SIDE })
  expect(plan.diagnostics.map((d) => d.code)).toContain('replication-broken')
  expect(plan.actions).toEqual([])
})
