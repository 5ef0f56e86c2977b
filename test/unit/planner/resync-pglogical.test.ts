import { describe, expect, test } from 'vitest'
import type { Pglogical } from '../../../src/catalog/pglogical.js'
import type { Subscription } from '../../../src/catalog/replication.js'
import type { StreamEvidence } from '../../../src/catalog/stream-evidence.js'
import { pglogicalSlot } from '../../../src/migration/pglogical-slot.js'
import type { Plan } from '../../../src/plan/plan.js'
import { script, slot, subscription, table, tableObject } from './support/catalog.js'
import { planOf, type Situation } from './support/planned.js'
import { available, PGLOGICAL_READY } from './support/troubles/pglogical.js'
import { closedTarget, record } from './support/troubles/restart.js'
import { NAMES } from './support/troubles/trouble.js'

const { publication, subscription: NAME } = NAMES.forward
const OBJECTS = script(tableObject('orders'), tableObject('parts'))
const TABLES = { tables: [table('orders'), table('parts')], ...OBJECTS }
const READY: Subscription['tables'] = ['orders', 'parts'].map((name) => ({ schema: 'public', name, state: 'ready' }))
const MARKER = { schema: 'belt', name: NAMES.markerTable, state: 'ready' } as const
const LOOKED: StreamEvidence = {
  subscriber: 'target',
  subscription: NAME,
  held: 'ok',
  worker: 'steady',
  failures: [],
  log: 'read',
  workers: { running: 1, limit: 8, setting: 'max_worker_processes' },
}
const NODE = { version: '2.4.5', readable: true, otherNodes: [] }

interface Standing {
  readonly has?: Partial<Subscription>
  readonly records?: readonly string[]
  readonly looked?: Partial<StreamEvidence>
  readonly target?: Situation['target']
  readonly resync?: readonly string[]
  readonly asked?: NonNullable<Pglogical['asked']>
}

/** Two tables stream with pglogical, and the target was never open. */
async function planned({ has, records = [], looked, target, resync = [], asked }: Standing): Promise<Plan> {
  const name = pglogicalSlot('shop', NAMES.nodes.source, NAME)
  const carried: Subscription = {
    ...subscription(NAME, [...READY, MARKER]),
    of: 'pglogical',
    slotName: name,
    publications: [publication],
    volatile: { ...subscription(NAME).volatile, workerPid: 7 },
    ...has,
  }
  const names = [...READY, MARKER].map(({ schema, name: of }) => ({ schema, name: of }))
  const operations = ['insert', 'update', 'delete', 'truncate'] as const
  return planOf({
    ...PGLOGICAL_READY,
    lines: [],
    source: {
      ...available('2.4.2'),
      ...TABLES,
      slots: [{ ...slot(name, true), database: 'shop', plugin: 'pglogical_output' }],
      pglogical: {
        ...NODE,
        localNode: { name: NAMES.nodes.source, interfaces: [] },
        sets: [{ name: publication, operations, tables: names }],
        ...(asked === undefined ? {} : { asked }),
      },
    },
    target: {
      ...available('2.4.5'),
      ...TABLES,
      ...closedTarget({ records: records.map((action) => record(action)) }),
      subscriptions: [carried],
      pglogical: { ...NODE, localNode: { name: NAMES.nodes.target, interfaces: [] }, sets: [] },
      ...target,
    },
    streams: [{ ...LOOKED, ...looked }],
    resync,
  })
}

const idsOf = ({ actions }: Plan): readonly string[] => actions.map((a) => a.id)
const sqlOf = ({ actions }: Plan, id: string): string => actions.find((a) => a.id === id)?.sql.join(';\n') ?? ''
const taken = (plan: Plan): readonly string[] => idsOf(plan).filter((id) => /^(resync|copy|compare)/.test(id))

describe('one table copied anew with pglogical', () => {
  test('is set aside, proven to be passed over, emptied and handed to pglogical in one transaction, and compared', async () => {
    const plan = await planned({ resync: ['orders'] })
    expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    expect(taken(plan)).toEqual([
      'resync-begin.public.orders',
      'resync-aside.public.orders',
      'resync-passed.public.orders',
      'resync.public.orders',
      'copy.target',
      'compare.copied',
    ])
    const emptied = plan.actions.find((a) => a.id === 'resync.public.orders')
    expect(emptied?.transaction).toBe('one')
    expect(emptied?.hazards).toMatchObject([{ code: 'truncate-target', approval: true }])
    expect(emptied?.sql.map((s) => s.slice(0, 44))).toEqual([
      'set local session_replication_role = replica',
      'lock table only public.orders in access excl',
      `do 'begin if not exists (select from pglogica`.slice(0, 44),
      'truncate table only public.orders',
      'select pglogical.alter_subscription_resynchr',
      'insert into belt.record (lineage, action, ob',
    ])
    expect(plan.actions.find((a) => a.id === 'compare.copied')).toMatchObject({
      wanted: { depth: 'full', tables: [{ schema: 'public', name: 'orders' }] },
    })
  })

  test('set aside and left, it goes on without being asked', async () => {
    const has = { tables: [...READY.slice(1), MARKER], setAside: [{ schema: 'public', name: 'orders' }] }
    const plan = await planned({ has, records: ['resync-begun.1.public.orders'] })
    expect(plan.diagnostics.map((d) => d.code)).toContain('drift-set-aside')
    expect(taken(plan)).toEqual([
      'resync-passed.public.orders',
      'resync.public.orders',
      'copy.target',
      'compare.copied',
    ])
  })

  test('dropped and made again by hand it is told, and copied anew without being asked', async () => {
    const has = { tables: [...READY.slice(1), MARKER] }
    const plan = await planned({ has })
    const told = plan.diagnostics.find((d) => d.code === 'drift-made-again')
    expect(told).toMatchObject({ severity: 'warning', side: 'target', fix: 'belt plan copies it anew.' })
    expect(told?.message).toMatch(/^public\.orders was dropped and made again on the target/)
    expect(taken(plan)).toEqual([
      'resync-begin.public.orders',
      'resync-aside.public.orders',
      'resync-passed.public.orders',
      'resync.public.orders',
      'copy.target',
      'compare.copied',
    ])
    expect(plan.actions.find((a) => a.id === 'resync.public.orders')?.hazards).toMatchObject([{ approval: true }])
  })

  test('made again by hand while its worker fails, it is told, the worker is mended first, and nothing waits for its copy', async () => {
    const has = { tables: [...READY.slice(1), MARKER] }
    const plan = await planned({ has, looked: { worker: 'absent' } })
    expect(plan.diagnostics.map((d) => d.code)).toContain('drift-subscription-down')
    const told = plan.diagnostics.find((d) => d.code === 'drift-made-again')
    expect(told?.fix).toBe(`Once ${NAME} streams again, belt plan copies it anew.`)
    expect(idsOf(plan)).toContain('redial-start.target')
    expect(taken(plan)).toEqual(['compare.copied'])
  })

  test('just added to the set, or of a subscription that was made without a copy, it was not made again', async () => {
    const slotName = pglogicalSlot('shop', NAMES.nodes.source, NAME)
    const asked = [{ slot: slotName, schema: 'public', name: 'orders' }]
    const added = await planned({ has: { tables: [...READY.slice(1), MARKER] }, asked })
    expect(taken(added)).toEqual(['copy.target', 'compare.copied'])
    const returned = await planned({ has: { tables: [], copiesNothing: true } })
    for (const plan of [added, returned]) {
      expect(plan.diagnostics.map((d) => d.code)).not.toContain('drift-made-again')
    }
  })

  test('emptied, nothing is taken away any more, and its copy is waited for and compared', async () => {
    const tables = [
      { schema: 'public', name: 'orders', state: 'data', alone: true } as const,
      ...READY.slice(1),
      MARKER,
    ]
    const records = ['resync-begun.1.public.orders', 'resync-emptied.1.public.orders']
    expect(taken(await planned({ has: { tables }, records }))).toEqual(['copy.target', 'compare.copied'])
  })

  test('is refused while it is being copied, and while the worker does not run', async () => {
    const tables = [{ schema: 'public', name: 'orders', state: 'data' } as const, ...READY.slice(1), MARKER]
    const copied = await planned({ has: { tables }, resync: ['orders'] })
    expect(copied.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'resync-refused', message: 'public.orders is being copied (data)' }),
    )
    const fails = await planned({ looked: { worker: 'restarting' }, resync: ['orders'] })
    expect(fails.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'resync-refused', message: expect.stringContaining('fails') as string }),
    )
    expect(fails.actions).toEqual([])
  })
})

test('a table that is missing on the target is noted, made, and copied as one that was set aside', async () => {
  const has = { tables: [...READY.slice(1), MARKER] }
  const plan = await planned({
    has,
    target: { tables: [table('parts')], ...script(tableObject('parts')) },
    looked: { worker: 'restarting' },
  })
  expect(plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  expect(idsOf(plan).filter((id) => /^(resync|redial|table|copy|compare)/.test(id))).toEqual([
    'resync-begin.public.orders',
    'table.public.orders',
    'resync-aside.public.orders',
    'redial-start.target',
    'resync-passed.public.orders',
    'resync.public.orders',
    'copy.target',
    'compare.copied',
  ])
  expect(plan.actions.find((a) => a.id === 'resync.public.orders')?.hazards).toEqual([])
  expect(sqlOf(plan, 'resync-aside.public.orders')).toContain(`sync_statuslsn = 'FFFFFFFF/FFFFFFFF'`)
})

test('an initial copy whose worker has ended can only be made anew, and the plan says what ended it', async () => {
  const failure = {
    secondsAgo: 9,
    sqlState: undefined,
    message: 'duplicate key value violates unique constraint "orders_pkey"',
    table: { schema: 'public', name: 'orders' },
    key: undefined,
  }
  const retried = { ...failure, message: 'subscriber x initialization failed during nonrecoverable step (d)' }
  const plan = await planned({
    has: { tables: [], copyBegun: true, volatile: { ...subscription(NAME).volatile, workerPid: undefined } },
    looked: { worker: 'absent', failures: [retried, failure] },
  })
  const broken = plan.diagnostics.find((d) => d.code === 'replication-broken')
  expect(broken?.message).toMatch(/ended within the initial copy.*: duplicate key value .*, table public\.orders$/)
  expect(broken?.fix).toContain('belt plan --restart')
  expect(plan.actions).toEqual([])
})
