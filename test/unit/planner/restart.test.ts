import { fc } from '../../support/properties.js'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Action } from '../../../src/actions/action.js'
import { holds } from '../../../src/actions/condition.js'
import { takeAway } from '../../../src/actions/take-away.js'
import { indexCatalog } from '../../../src/catalog/indexed.js'
import type { Inspection } from '../../../src/catalog/inspection.js'
import { migrationContext } from '../../../src/migration/context.js'
import { foresee, probeForeseen } from '../../../src/migration/foresee.js'
import type { Plan } from '../../../src/plan/plan.js'
import { planMigration } from '../../../src/planner/plan-migration.js'
import type { Spec } from '../../../src/spec/spec.js'
import { loadGood, MINIMAL } from '../spec/load-text.js'
import { emptyCatalog, index, slot, subscription, table, tableObject, schemaObject, script } from './support/catalog.js'
import { NOW, planOf } from './support/planned.js'
import { randomDatabases, type RandomDatabase } from './support/random-catalog.js'
import { closedTarget, record } from './support/troubles/restart.js'
import { NAMES } from './support/troubles/trouble.js'

const FORWARD = NAMES.forward.slot

/** Replicates for a long time: everything stands on both sides. */
function replicating(database: RandomDatabase): Inspection {
  const tables = database.tables.map((t) => ({ ...t, volatile: { ...t.volatile, rows: 10, heapBytes: 8192 } }))
  const subscribed = tables.map(({ schema, name }) => ({ schema, name, state: 'ready' as const }))
  return {
    source: { ...emptyCatalog('source', 15), ...database, slots: [slot(FORWARD)] },
    target: {
      ...emptyCatalog('target', 17),
      ...database,
      tables,
      subscriptions: [subscription(FORWARD, subscribed)],
      ...closedTarget(),
    },
    sameCluster: false,
    replicationLogin: { source: 'no-such-role', target: 'no-such-role' },
  }
}

describe('of any database that replicates', () => {
  let spec: Spec
  beforeAll(async () => {
    spec = await loadGood(MINIMAL)
  })
  const plan = (inspection: Inspection): Plan =>
    planMigration({ spec, inspection, state: undefined, now: NOW, restart: true })
  /** What an apply of the plan would still do. */
  const pending = (actions: readonly Action[], inspection: Inspection): readonly Action[] => {
    const context = migrationContext(spec, inspection, undefined)
    const foreseen = foresee(context, actions)
    return actions.filter((a) => probeForeseen(a, context, foreseen) !== 'done')
  }
  /** Both sides after the first `count` steps of the restart. */
  const carriedOut = (
    actions: readonly Action[],
    count: number,
    { source, target, ...rest }: Inspection,
  ): Inspection => {
    const steps = actions.flatMap((a) => (a.kind === 'ensure' && a.phase === 'restart' ? [a] : [])).slice(0, count)
    const after = (side: 'source' | 'target'): Inspection['source'] =>
      steps
        .filter((a) => a.side === side)
        .flatMap((a) => a.wants)
        .reduce((catalog, c) => takeAway(c, catalog), side === 'source' ? source : target)
    return { ...rest, source: after('source'), target: after('target') }
  }

  test('what is taken away is made again by the same plan', () => {
    fc.assert(
      fc.property(randomDatabases, ({ database }) => {
        const { actions, deferred, diagnostics } = plan(replicating(database))
        expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
        const made = new Set<string>(actions.flatMap((a) => ('makes' in a ? a.makes : [])))
        const later = new Set(deferred.map((d) => d.what))
        const dropped = actions.flatMap((a) =>
          a.kind === 'ensure' ? a.wants.flatMap((w) => (w.is === 'objects' ? w.keys : [])) : [],
        )
        expect(dropped.filter((key) => !made.has(key) && !later.has(key))).toEqual([])
        expect(actions.map((a) => a.id)).toEqual(
          expect.arrayContaining(['truncate.target', 'slot.source', 'subscription.target', 'copy.target']),
        )
      }),
    )
  })

  test('interrupted behind any step it does the rest of it and all that comes after', () => {
    fc.assert(
      fc.property(randomDatabases, fc.nat(), ({ database }, n) => {
        const before = replicating(database)
        const { actions } = plan(before)
        const steps = actions.filter((a) => a.phase === 'restart')
        const done = n % (steps.length + 1)
        const left = pending(actions, carriedOut(actions, done, before))
        const gone = new Set(steps.slice(0, done).map((a) => a.id))
        // Nothing but the truncation may be repeated for tables that are empty already.
        expect(left.map((a) => a.id)).toEqual(actions.filter((a) => !gone.has(a.id)).map((a) => a.id))
      }),
    )
  })

  test('once everything is made again it takes nothing away, while the next restart is one of its own', () => {
    fc.assert(
      fc.property(randomDatabases, ({ database }) => {
        const before = replicating(database)
        const { actions } = plan(before)
        const target = { ...before.target, records: [...(before.target.records ?? []), record('restart.1')] }
        const copied = { ...before, target }
        expect(pending(actions, copied).filter((a) => a.phase === 'restart')).toEqual([])
        const again = plan(copied).actions
        expect(again.filter((a) => a.phase === 'restart').map((a) => a.id)).toContain('truncate.target')
      }),
    )
  })
})

test('only tables are emptied whose rows belt brings, and only on the target', async () => {
  const filled = { rows: 5, bytes: 8192, heapBytes: 8192, updates: 0, deletes: 0, writes: 0 }
  const tables = ['orders', 'kept', 'elsewhere'].map((name) => table(name, { volatile: filled }))
  const objects = ['orders', 'kept', 'elsewhere'].map((name) => tableObject(name))
  const orders = { schema: 'public', table: { schema: 'public', name: 'orders' } }
  const unique = schemaObject('index', 'orders_n', { ...orders, statements: ['CREATE INDEX orders_n'] })
  const mine = schemaObject('index', 'orders_mine', { ...orders, statements: ['CREATE INDEX orders_mine'] })
  const plan = await planOf({
    restart: true,
    lines: ['scope: { tables: { exclude: [public.elsewhere], schema_only: [public.kept] } }'],
    source: { tables, indexes: [index('orders_n', 'orders')], ...script(...objects, unique), slots: [slot(FORWARD)] },
    target: closedTarget({
      tables,
      indexes: [index('orders_n', 'orders'), index('orders_mine', 'orders')],
      ...script(...objects, unique, mine),
      subscriptions: [subscription(FORWARD)],
    }),
  })
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  const truncated = plan.actions.find((a) => a.id === 'truncate.target')
  expect(truncated).toMatchObject({
    side: 'target',
    hazards: [{ code: 'truncate-target', approval: true }],
    sql: [
      'set local session_replication_role = replica',
      'truncate table only public.orders',
      `truncate table only belt.${NAMES.markerTable}`,
      expect.stringContaining('insert into belt.record'),
    ],
  })
  const sql = plan.actions.flatMap((a) => (a.side === 'source' ? a.sql : []))
  expect(sql.filter((s) => /truncate table|drop (?:table|index)|delete from/.test(s))).toEqual([])
  // What the source does not have could not be made again.
  const dropped = plan.actions.filter((a) => a.id.startsWith('drop.secondary')).flatMap((a) => a.sql)
  expect(dropped).toEqual(['drop index public.orders_n'])
})

test('a catalog from which a condition took something away fulfils it', () => {
  fc.assert(
    fc.property(randomDatabases, ({ database }) => {
      const { target } = replicating(database)
      const all = database.script.objects.map((o) => o.key)
      const conditions = [
        { is: 'objects', keys: all.filter((_, i) => i % 2 === 0), there: false },
        { is: 'empty', tables: database.tables },
        { is: 'subscription', name: FORWARD, there: false },
        { is: 'slot', name: FORWARD, there: false },
        { is: 'record', lineage: NAMES.lineage, action: 'restart.1', there: true },
        { is: 'record', lineage: NAMES.lineage, action: 'fence.target', there: false },
        { is: 'no records', lineage: NAMES.lineage, markerTable: NAMES.markerTable },
        { is: 'role', name: 'postgres', there: false },
      ] as const
      for (const condition of conditions) {
        expect(holds(condition, indexCatalog(takeAway(condition, target))), condition.is).toBe(true)
      }
    }),
  )
})
