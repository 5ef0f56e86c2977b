import { expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import type { BeltRecord, Catalog } from '../../../src/catalog/catalog.js'
import { newState } from '../../../src/state/new-state.js'
import type { State } from '../../../src/state/state.js'
import { MINIMAL } from '../spec/load-text.js'
import { role, slot, subscription } from './support/catalog.js'
import { planOf, type Situation } from './support/planned.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

const { lineage, reverse, forward, markerTable } = NAMES
const record = (action: string, more: Partial<BeltRecord> = {}): BeltRecord => ({
  ...{ lineage, action, object: 'x', before: null, at: '2026-11-05T10:00:00Z' },
  ...more,
})

/** The target as a cutover leaves it. */
const TARGET: Partial<Catalog> = {
  ...ORDERS,
  roles: [role('belt_replication', { replication: true })],
  beltTables: ['record', markerTable],
  slots: [{ ...slot(reverse.slot), database: 'shop' }],
  publications: [
    {
      ...{ name: reverse.publication, owner: 'postgres', allTables: false, viaRoot: false, tables: [] },
      operations: ['insert', 'update', 'delete', 'truncate'],
    },
  ],
  records: [
    record('opened.target', { object: 'serves' }),
    record('role.target.replication', { object: 'role belt_replication' }),
    record('grants.target.replication', { object: 'grants' }),
  ],
}
const spec = (stage: string): string => `${MINIMAL.replace('stage: replicating', `stage: ${stage}`)}gone: source\n`
const server = (systemIdentifier: string): State['source'] => ({
  ...{ systemIdentifier, database: 'shop', host: 'h', port: 5432, major: 15, version: '15.1' },
})
const remembers = (stage: State['stage']): State => ({
  ...newState({ name: 'shop', lineage, source: server('7001'), target: server('7002') }),
  stage,
})
const ids = (actions: readonly Action[]): readonly string[] => actions.map((a) => a.id)

test.each([
  ['the state', remembers('cutover')],
  ['the records on the target', undefined],
])('without the source, finalized is planned on the target alone from %s', async (_, state) => {
  const plan = await planOf({ spec: spec('finalized'), gone: true, target: TARGET, ...(state && { state }) })
  expect(plan.lineage).toBe(lineage)
  expect(plan.from).toBe('cutover')
  expect(ids(plan.actions)).toEqual([
    'drop.slot.target',
    'drop.publication.target',
    'drop.grants.target.replication',
    'drop.records.target',
    'drop.role.target.replication',
  ])
  const forgets = plan.actions.find((a) => a.id === 'drop.records.target')
  expect(forgets?.hazards).toMatchObject([{ code: 'source-gone', approval: true }])
})

test('once it is finalized nothing is left to do, and the warning is gone with it', async () => {
  const plan = await planOf({ spec: spec('finalized'), gone: true, target: ORDERS, state: remembers('finalized') })
  expect(plan.actions).toEqual([])
  expect(plan.diagnostics).toEqual([])
})

test.each(['prepared', 'replicating', 'cutover', 'rolled-back'])('stage %s needs the source', async (stage) => {
  const plan = await planOf({ spec: spec(stage), gone: true, target: TARGET, state: remembers('cutover') })
  expect(plan.actions).toEqual([])
  expect(plan.diagnostics.map((d) => d.code)).toContain('source-gone')
})

test('a target that was never opened is not finalized, and absent opens it', async () => {
  const closed: Situation = {
    gone: true,
    state: remembers('replicating'),
    target: {
      ...TARGET,
      records: [record('fence.target', { object: 'database acl' })],
      subscriptions: [subscription(forward.subscription, [{ schema: 'public', name: 'orders', state: 'ready' }])],
    },
  }
  const refused = await planOf({ ...closed, spec: spec('finalized') })
  expect(refused.diagnostics.map((d) => d.code)).toEqual(['source-gone'])
  const { actions } = await planOf({ ...closed, spec: spec('absent') })
  expect(ids(actions)).toContain('reopen.target')
  expect(actions.every((a) => a.side === 'target')).toBe(true)
})

test('a source that comes back after finalized has its leftovers planned away, and stays closed', async () => {
  const { actions } = await planOf({
    spec: MINIMAL.replace('stage: replicating', 'stage: finalized'),
    state: remembers('finalized'),
    target: ORDERS,
    source: {
      ...ORDERS,
      beltTables: ['record', markerTable],
      subscriptions: [subscription(reverse.subscription)],
      records: [record('fence.source', { object: 'fence' }), record('open.target', { object: 'intent' })],
    },
  })
  expect(ids(actions)).toEqual(['drop.subscription.source', 'drop.records.source'])
})

test('a source that comes back without knowing that the target was opened is told before anything flows', async () => {
  const { actions, from } = await planOf({
    spec: MINIMAL.replace('stage: replicating', 'stage: cutover'),
    source: {
      ...ORDERS,
      beltTables: ['record', markerTable],
      subscriptions: [{ ...subscription(reverse.subscription), enabled: false }],
      records: [
        record('fence.source', {
          object: 'fence',
          before: { method: 'none', acl: null, owner: 'postgres', logins: [], admitted: [], readOnly: null },
        }),
      ],
    },
    target: TARGET,
  })
  expect(from).toBe('cutover')
  expect(ids(actions)).toContain('no-return.target')
  expect(ids(actions)).not.toContain('fence.source')
  expect(ids(actions)).not.toContain('reopen.source')
})
