import { expect, test } from 'vitest'
import { healthAlarms } from '../../../src/cli/status/health.js'
import { withoutSource } from '../../../src/migration/gone-source.js'
import { demandWholeHandover } from '../../../src/plan/whole-handover.js'
import { sideToReopen } from '../../../src/planner/current-stage.js'
import { newState } from '../../../src/state/new-state.js'
import type { State } from '../../../src/state/state.js'
import { loadGood, MINIMAL } from '../spec/load-text.js'
import { role, slot, subscription } from './support/catalog.js'
import { contextOf, planOf, type Situation } from './support/planned.js'
import { closedTarget, record } from './support/troubles/restart.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

const spec = MINIMAL.replace('stage: replicating', 'stage: cutover')
const READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]

const server = (systemIdentifier: string): State['source'] => ({
  ...{ systemIdentifier, database: 'shop', host: 'h', port: 5432, major: 15, version: '15.1' },
})

/** A DBA had taken CONNECT from PUBLIC before belt came: the fence was found to be done and left no record. */
function before(source: readonly string[], target: readonly string[]): Situation {
  const closed = closedTarget({ subscriptions: [subscription(NAMES.forward.subscription, READY)] })
  return {
    spec,
    state: {
      ...newState({ name: 'shop', lineage: NAMES.lineage, source: server('7001'), target: server('7002') }),
      stage: 'replicating',
    },
    source: {
      ...ORDERS,
      slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }],
      records: source.map((action) => record(action)),
    },
    target: {
      ...ORDERS,
      ...closed,
      roles: [role('postgres', { superuser: true })],
      records: target.map((a) => record(a)),
    },
  }
}

test('a target that was closed before belt came is opened at cutover', async () => {
  const { actions } = await planOf(before([], []))
  const ids = actions.map((a) => a.id)
  expect(ids).toContain('no-return.target')
  expect(ids).toContain('open.target')
  expect(actions.find((a) => a.id === 'open.target')?.sql).toContain('grant connect on database shop to public')
})

test('a cutover that was left half-way is seen there too, and one that is over is not', async () => {
  expect(sideToReopen(await contextOf(before([], [])))).toBeUndefined()
  expect(sideToReopen(await contextOf(before(['fence.source'], [])))).toBe('source')
  expect(sideToReopen(await contextOf(before(['fence.source', 'open.target'], [])))).toBe('target')
  expect(sideToReopen(await contextOf(before(['fence.source', 'open.target'], ['opened.target'])))).toBeUndefined()
})

test('past the point of no return a new plan opens it', async () => {
  const { actions } = await planOf(before(['fence.source', 'open.target'], []))
  expect(actions.map((a) => a.id)).toContain('reopen.target')
})

test('with the source gone for good it is not taken for opened', async () => {
  const { target } = await contextOf(before([], []))
  for (const [records, opened] of [
    [['role.target.replication'], false],
    [['opened.target'], true],
  ] as const) {
    const catalog = { ...target, records: records.map((a) => record(a)) }
    const inspection = withoutSource(await loadGood(spec), catalog, undefined, 'unknown')
    expect((inspection?.source.records ?? []).some((r) => r.action === 'open.target')).toBe(opened)
  }
})

test('a plan never closes one side without opening the other', async () => {
  const { actions } = await planOf(before([], []))
  for (const missing of ['fence.source', 'no-return.target', 'open.target']) {
    expect(() => demandWholeHandover({ actions: actions.filter((a) => a.id !== missing) })).toThrow(missing)
  }
  expect(() => demandWholeHandover({ actions })).not.toThrow()
})

test('a serving target that lets in nobody who could connect to the source is an alarm', async () => {
  const over = before(['fence.source', 'open.target'], ['opened.target'])
  const alarms = async (situation: Situation): Promise<readonly string[]> =>
    healthAlarms(await contextOf(situation)).map((d) => d.code)
  expect(await alarms(over)).toContain('drift-serving-closed')
  const { database } = (await contextOf({})).target
  expect(await alarms({ ...over, target: { ...over.target, database } })).not.toContain('drift-serving-closed')
})
