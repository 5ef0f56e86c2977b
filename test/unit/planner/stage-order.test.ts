import { describe, expect, test } from 'vitest'
import type { Stage } from '../../../src/spec/spec.js'
import { newState } from '../../../src/state/new-state.js'
import type { State } from '../../../src/state/state.js'
import { MINIMAL } from '../spec/load-text.js'
import { slot, subscription, table } from './support/catalog.js'
import { planOf, type Situation } from './support/planned.js'
import { closedTarget, record } from './support/troubles/restart.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

const SERVER = { database: 'shop', host: 'h', port: 5432, major: 15, version: '15.1' }

function remembered(stage: Stage): State {
  const source = { ...SERVER, systemIdentifier: '7001' }
  const target = { ...SERVER, systemIdentifier: '7002' }
  return { ...newState({ name: 'shop', lineage: NAMES.lineage, source, target }), stage }
}

const { slot: FORWARD, publication } = NAMES.forward
const PUBLISHED = {
  ...ORDERS,
  slots: [{ ...slot(FORWARD), database: 'shop' }],
  publications: [
    { name: publication, owner: 'postgres', allTables: false, operations: [], viaRoot: false, tables: [] },
  ],
}
const READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]

/** How the databases look at each stage, and what the state says. */
const REALITY: Readonly<Record<Stage, Situation>> = {
  absent: { source: ORDERS },
  prepared: { source: ORDERS, target: closedTarget(), state: remembered('prepared') },
  replicating: {
    source: PUBLISHED,
    target: closedTarget({ subscriptions: [subscription(FORWARD, READY)] }),
    state: remembered('replicating'),
  },
  cutover: {
    source: { ...ORDERS, records: [record('fence.source'), record('open.target')] },
    target: { records: [] },
    state: remembered('cutover'),
  },
  'rolled-back': {
    source: { ...PUBLISHED, records: [] },
    target: closedTarget({ subscriptions: [subscription(FORWARD, READY)], records: [record('open.source')] }),
    state: remembered('rolled-back'),
  },
  finalized: { source: ORDERS, state: remembered('finalized') },
}

/** Everything else is refused, with the way there. */
const ALLOWED: Readonly<Record<Stage, readonly Stage[]>> = {
  absent: ['absent', 'prepared', 'replicating'],
  prepared: ['absent', 'prepared', 'replicating'],
  replicating: ['absent', 'replicating', 'cutover'],
  cutover: ['cutover', 'rolled-back', 'finalized'],
  'rolled-back': ['absent', 'replicating', 'rolled-back'],
  finalized: ['absent', 'finalized'],
}

const STAGES = Object.keys(ALLOWED) as readonly Stage[]

async function refusalOf(situation: Situation, to: Stage): Promise<{ from: Stage; message: string; fix: string }> {
  const plan = await planOf({ ...situation, spec: MINIMAL.replace('stage: replicating', `stage: ${to}`) })
  const refusal = plan.diagnostics.find((d) => d.code === 'stage-order')
  if (refusal !== undefined) expect(plan.actions).toEqual([])
  return { from: plan.from, message: refusal?.message ?? '', fix: refusal?.fix ?? '' }
}

describe.each(STAGES)('from %s', (from) => {
  test.each(STAGES)('to %s', async (to) => {
    const refusal = await refusalOf(REALITY[from], to)
    expect(refusal.from).toBe(from)
    if (ALLOWED[from].includes(to)) expect(refusal.message).toBe('')
    else {
      expect(refusal.message).toBe(`stage ${to} cannot be reached from ${from} in one plan`)
      // The way that is named exists: each stage it leads through can be reached from here.
      const through = STAGES.filter((s) => new RegExp(`(?:Go to|or to) ${s}\\b`).test(refusal.fix))
      if (through.length === 0) expect(refusal.fix).toMatch(/nothing to roll back/)
      else if (from !== 'absent')
        expect(
          through.some((s) => ALLOWED[from].includes(s)),
          refusal.fix,
        ).toBe(true)
    }
  })
})

test.each([
  ['replicating, but somebody dropped the subscription', { target: closedTarget() }, 'prepared'],
  ['replicating, but both databases are empty', { source: ORDERS, target: {} }, 'absent'],
] as const)('the state is not believed against the databases: %s', async (_, reality, stands) => {
  const { from, message } = await refusalOf({ ...REALITY.replicating, ...reality }, 'cutover')
  expect(from).toBe(stands)
  expect(message).toContain('stage cutover cannot be reached')
})

test('with the state of a finalized migration lost, stage absent has nothing to do', async () => {
  const over: Situation = {
    source: ORDERS,
    target: ORDERS,
    spec: MINIMAL.replace('stage: replicating', 'stage: absent'),
  }
  const plan = await planOf(over)
  expect([plan.from, plan.actions, plan.diagnostics]).toEqual(['absent', [], []])
})

test('rows of applications that the target serves are not called rows that belt did not copy', async () => {
  const orders = { ...table('orders'), volatile: { ...table('orders').volatile, heapBytes: 8192 } }
  const { cutover } = REALITY
  const { diagnostics } = await planOf({ ...cutover, target: { ...cutover.target, tables: [orders] } })
  const codes = diagnostics.map((d) => d.code)
  expect(codes).toContain('stage-order')
  expect(codes).not.toContain('target-not-empty')
})
