import { expect, test } from 'vitest'
import type { BeltRecord, Catalog } from '../../../src/catalog/catalog.js'
import { MINIMAL } from '../spec/load-text.js'
import { keyless, role, slot, table } from './support/catalog.js'
import { planOf } from './support/planned.js'
import { NAMES, ORDERS } from './support/troubles/trouble.js'

const { lineage, markerTable } = NAMES
const OFF = MINIMAL.replace('stage: replicating', 'stage: absent')
const NAME = 'belt_replication'
const BEFORE = {
  ...{ login: true, replication: false, bypassRls: false, connect: true, lent: false },
  settings: [{ name: 'statement_timeout', value: '5s' }],
}

function record(action: string, object: string, before: unknown): BeltRecord {
  return { lineage, action, object, before, at: '2026-11-05T10:00:00Z' }
}

/** The source in the middle of a migration, with a role that has what belt gave it. */
function source(before: unknown, more: Partial<Catalog> = {}): Partial<Catalog> {
  return {
    ...ORDERS,
    tables: [{ ...table('orders'), readers: ['postgres', NAME] }],
    beltTables: ['record', markerTable],
    roles: [
      role(NAME, {
        replication: true,
        settings: [
          { name: 'statement_timeout', value: '0' },
          { name: 'lock_timeout', value: '0' },
          { name: 'work_mem', value: '7MB' },
        ],
      }),
    ],
    records: [
      record('role.source.replication', `role ${NAME}`, before),
      record('grants.source.replication', 'grants', null),
    ],
    ...more,
  }
}

async function sqlOf(id: string, catalog: Partial<Catalog>, spec = OFF): Promise<readonly string[] | undefined> {
  const { actions } = await planOf({ spec, source: catalog })
  return actions.find((a) => a.id === id)?.sql
}

test('what belt is about to change of a role that is there already is noted first', async () => {
  const { actions } = await planOf({
    source: { ...ORDERS, roles: [role(NAME, { settings: BEFORE.settings })] },
    login: { source: 'ok' },
  })
  const [first] = actions.find((a) => a.id === 'role.source.replication')?.sql ?? []
  expect(first).toContain('"replication":false')
  expect(first).toContain('{"name":"statement_timeout","value":"5s"}')
})

test('a role that was there before gets back what it had, and keeps what others set', async () => {
  expect(await sqlOf('restore.role.source.replication', source(BEFORE))).toEqual([
    `alter role ${NAME} with noreplication`,
    `alter role ${NAME} set statement_timeout = '5s'`,
    `alter role ${NAME} reset lock_timeout`,
    expect.stringContaining('delete from belt.record'),
  ])
  expect(await sqlOf('drop.role.source.replication', source(BEFORE))).toBeUndefined()
  const grants = await sqlOf('drop.grants.source.replication', source(BEFORE))
  expect(grants?.join()).toContain('revoke select on table public.orders')
  expect(grants?.join()).not.toContain('revoke connect')
})

test('grants that it had before stay', async () => {
  const had = { schemas: ['public'], tables: [{ schema: 'public', name: 'orders' }] }
  const grants = await sqlOf(
    'drop.grants.source.replication',
    source(null, {
      records: [
        record('role.source.replication', `role ${NAME}`, null),
        record('grants.source.replication', 'grants', had),
      ],
    }),
  )
  expect(grants?.join()).not.toContain('public.orders')
  expect(grants?.join()).toContain('revoke usage on schema belt from')
})

test('grants on tables that belt never read stay', async () => {
  const grants = await sqlOf(
    'drop.grants.source.replication',
    source(null, {
      tables: [table('orders'), keyless('notes', { schema: 'archive' })].map((t) => ({ ...t, readers: [NAME] })),
    }),
    `${OFF}\nkeyless: { default: copy_at_cutover }`,
  )
  expect(grants?.join()).toContain('revoke select on table public.orders from')
  expect(grants?.join()).not.toContain('archive')
})

const OTHERS = record('grants.source.replication', 'grants', null)
test.each<[string, Partial<Catalog>]>([
  ['another slot of belt’s stands on the server', { slots: [slot('belt_other_11112222_f')] }],
  [
    'another migration of this database reads with it',
    { records: [...(source(null).records ?? []), { ...OTHERS, lineage: 'f00d' }] },
  ],
  ['something belongs to it', { tables: [{ ...table('orders'), owner: NAME }] }],
])('a role that belt made stays while %s', async (_, more) => {
  expect(await sqlOf('drop.role.source.replication', source(null))).toEqual([
    `drop owned by ${NAME}`,
    `drop role ${NAME}`,
  ])
  expect(await sqlOf('drop.role.source.replication', source(null, more))).toBeUndefined()
})
