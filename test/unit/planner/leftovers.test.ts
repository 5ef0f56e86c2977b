import { expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.js'
import type { Publication } from '../../../src/catalog/replication.js'
import { MINIMAL } from '../spec/load-text.js'
import { origin, role, slot } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

function publication(name: string): Publication {
  return { name, owner: 'postgres', allTables: false, operations: [], viaRoot: false, tables: [] }
}

const here = (name: string): ReturnType<typeof slot> => ({ ...slot(name), database: 'shop' })

/** Slots and publications of a migration that is gone, of one that lives, and of others than belt. */
const SOURCE = {
  ...ORDERS,
  beltTables: ['record', 'marker_1111aaaa', NAMES.markerTable],
  slots: [
    here('belt_gone_2222bbbb_f'),
    here('belt_alive_1111aaaa_f'),
    here('belt_of_somebody'),
    here('debezium'),
    { ...here('belt_gone_2222bbbb_r'), database: 'other' },
  ],
  publications: ['belt_gone_2222bbbb_f', 'belt_alive_1111aaaa_f', 'dbz'].map(publication),
}

test.each(['absent', 'prepared', 'replicating'])(
  'at %s what a dead migration left is dropped, and nothing else',
  async (stage) => {
    const { actions } = await planOf({
      spec: MINIMAL.replace('stage: replicating', `stage: ${stage}`),
      source: SOURCE,
    })
    const leftovers = actions.filter((a) => a.id.startsWith('drop.leftover.'))
    expect(leftovers.map((a) => a.id)).toEqual([
      'drop.leftover.slot.source.belt_gone_2222bbbb_f',
      'drop.leftover.publication.source.belt_gone_2222bbbb_f',
    ])
    expect(leftovers[0]?.sql.join()).toContain('and not s.active')
    const dropped = actions.flatMap((a) => a.sql).filter((s) => /drop_replication_slot|drop publication/.test(s))
    expect(dropped.filter((s) => /alive|somebody|debezium|dbz|_r'/.test(s))).toEqual([])
  },
)

test('slots of table copies are told of when the other server has no such subscription any more', async () => {
  const left = async (
    oids: readonly string[] | undefined,
    active = false,
  ): Promise<readonly (string | undefined)[]> => {
    const slots = ['pg_16500_sync_16400_7002', 'pg_16500_sync_16400_9999', 'pg_16501_sync_16400_7002']
    const { actions, diagnostics } = await planOf({
      source: { ...ORDERS, slots: slots.map((name) => ({ ...slot(name, active), database: 'shop' })) },
      target: { ...ORDERS, ...(oids === undefined ? {} : { subscriptionOids: oids }) },
    })
    expect(actions.filter((a) => a.id.startsWith('drop.leftover.'))).toEqual([])
    return diagnostics.filter((d) => d.code === 'leftover').map((d) => d.fix)
  }
  expect(await left(['16501'])).toEqual([expect.stringContaining('drop.leftover.slot.source.pg_16500_sync_16400_7002')])
  expect(await left(['16500', '16501'])).toEqual([])
  expect(await left(['16501'], true)).toEqual([])
  // Up to 13 not everybody may see OIDs.
  expect(await left(undefined)).toEqual([])
})

const GONE = '99887766aabbccdd'
const noted = (action: string, object = 'x', lineage = GONE): object => ({
  lineage,
  action,
  object,
  before: null,
  at: '2026-01-02T00:00:00Z',
})
const LEFT = {
  ...ORDERS,
  beltTables: ['record', 'marker_99887766', NAMES.markerTable],
  roles: [role('old_replication', { replication: true })],
  records: [noted('role.source.replication', 'role old_replication'), noted('grants.source.replication')],
  origins: [origin('pg_16500'), origin('pg_16501_16400'), origin('pg_16400'), origin('pgl_shop_x'), origin('mine')],
  subscriptionOids: ['16400'],
} as Partial<Catalog>

const APPROVE = [
  'leftover#drop.leftover.origin.source.pg_16500',
  'leftover#drop.leftover.records.source.99887766',
  'leftover#drop.leftover.role.source.old_replication',
]
  .map((entry) => entry.split('#'))
  .map(([hazard = '', action = '']) => `  - { hazard: ${hazard}, action: ${action}, reason: r, until: 2999-12-31 }\n`)

test('what may be somebody else’s is told of, and dropped only where that is approved by name', async () => {
  const told = await planOf({ source: LEFT })
  expect(told.actions.filter((a) => a.id.startsWith('drop.leftover.'))).toEqual([])
  expect(told.diagnostics.filter((d) => d.code === 'leftover').map((d) => d.message.split(' may be ')[0])).toEqual([
    'records of migration 99887766aabbccdd in schema belt (since 2026-01-02)',
    'replication origin pg_16500',
    'replication origin pg_16501_16400',
    'role old_replication, which migration 99887766aabbccdd made',
  ])
  const approved = await planOf({ spec: `${MINIMAL}approve:\n${APPROVE.join('')}`, source: LEFT })
  const dropped = approved.actions.filter((a) => a.id.startsWith('drop.leftover.'))
  expect(dropped.map((a) => a.id)).toEqual([
    'drop.leftover.origin.source.pg_16500',
    'drop.leftover.records.source.99887766',
    'drop.leftover.role.source.old_replication',
  ])
  expect(dropped.flatMap((a) => a.hazards.map((h) => h.approval))).toEqual([true, true, true])
})

test.each<[string, Partial<Catalog>]>([
  ['replication', { publications: [publication('belt_gone_99887766_f')] }],
  ['a fence', { records: [noted('fence.source')] as never }],
  ['a state', { beltStates: [GONE] }],
])('records of a migration that has %s here are somebody’s', async (_, more) => {
  const { diagnostics } = await planOf({ source: { ...LEFT, ...more } })
  const told = diagnostics.filter((d) => d.code === 'leftover').map((d) => d.message)
  expect(told.filter((message) => !message.startsWith('replication origin'))).toEqual([])
})
