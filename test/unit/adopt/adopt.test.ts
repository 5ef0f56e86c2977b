import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { planMigration } from '../../../src/planner/plan-migration.js'
import { rowsByCode, readPage } from '../docs/markdown.js'
import { keyless, role, script, subscription, table, tableObject } from '../planner/support/catalog.js'
import { NAMES } from '../planner/support/troubles/trouble.js'
import {
  adoptionOf,
  forward,
  node,
  pgbeltSet,
  pglogicalSlot,
  reverse,
  SLOT,
  SPEC,
  type Situation,
} from './adoptable.js'

const ORDERS = { schema: 'public', name: 'orders' }
const PARTS = { schema: 'public', name: 'parts' }

test('takes over what pgbelt made, under its names, with nothing to copy and only records to write', async () => {
  const { findings, plan, context, sql, done } = await adoptionOf()
  expect(findings.filter((d) => d.severity === 'error')).toEqual([])
  expect(done).toBe(false)
  expect(context.names).toMatchObject({
    adopted: true,
    nodes: { source: 'pg1', target: 'pg2' },
    forward: { publication: 'pgbelt', subscription: 'pg1_pg2', slot: SLOT },
    reverse: { publication: 'pgbelt', subscription: 'pg2_pg1' },
  })
  expect(plan?.actions.filter((a) => ['create-subscription', 'create-slot'].includes(a.kind))).toEqual([])
  expect(plan?.actions.find((a) => a.id === 'set-tables.source')?.sql).toHaveLength(1)
  for (const statement of [...sql.source, ...sql.target]) {
    expect(statement).toMatch(
      /^(create schema if not exists belt$|comment on schema belt |create table if not exists belt\.|insert into belt\.record )/,
    )
  }
})

/** Each refusal, with what must be said of it. */
const REFUSED: readonly (readonly [says: string, situation: Situation])[] = [
  ['adopt-engine: pgbelt replicates with pglogical', { spec: SPEC.replace('engine: pglogical\n', '') }],
  [
    'adopt-begun: belt has begun this migration itself: there are records of it on the source',
    { source: { beltTables: [NAMES.markerTable] } },
  ],
  [
    'adopt-swapped: the source of the spec is pgbelt',
    { nodes: { source: node('pg2', 'source.internal'), target: node('pg1', 'target.internal') } },
  ],
  ['adopt-node (target): the database of the target is no node', { nodes: { target: undefined } }],
  [
    'adopt-node (source): the database of the source is node provider1',
    { nodes: { source: node('provider1', 'source.internal') } },
  ],
  [
    'adopt-points-elsewhere (target): node pg2 on the target connects to host other.internal and not target.internal',
    { nodes: { target: node('pg2', 'other.internal') } },
  ],
  [
    'adopt-points-elsewhere (target): subscription pg1_pg2 on the target connects to port 5433 and not 5432, database shop2 and not shop, user pgl and not belt_replication',
    {
      target: {
        subscriptions: [
          forward({ connection: { host: 'source.internal', port: '5433', database: 'shop2', user: 'pgl' } }),
        ],
      },
    },
  ],
  ['adopt-subscription (target): there is no subscription pg1_pg2', { target: { subscriptions: [] } }],
  [
    'adopt-subscription (target): there is no subscription pg1_pg2 on the target',
    { target: { subscriptions: [subscription('pg1_pg2')] } },
  ],
  [
    'adopt-subscription (target): there is no subscription pg1_pg2 on the target, and pg2_pg1 feeds the source: pgbelt has cut over',
    { target: { subscriptions: [] }, source: { subscriptions: [reverse()] } },
  ],
  [
    'adopt-sets (target): subscription pg1_pg2 takes ddl_sql, default',
    { target: { subscriptions: [forward({ publications: ['ddl_sql', 'default'] })] } },
  ],
  [
    'adopt-still-copying (target): 1 table',
    {
      target: {
        subscriptions: [
          forward({
            tables: [
              { ...ORDERS, state: 'ready' },
              { ...PARTS, state: 'data' },
            ],
          }),
        ],
      },
    },
  ],
  ['adopt-still-copying (target): no table is copied yet', { target: { subscriptions: [forward({ tables: [] })] } }],
  [
    'adopt-not-streaming (target): subscription pg1_pg2 is disabled',
    { target: { subscriptions: [forward({ enabled: false })] } },
  ],
  [
    'adopt-not-streaming (target): no worker applies',
    { target: { subscriptions: [forward({ volatile: subscription('x').volatile })] } },
  ],
  [`adopt-not-streaming (target): the source has no slot ${SLOT}`, { source: { slots: [] } }],
  [`adopt-not-streaming (target): nobody reads slot ${SLOT}`, { source: { slots: [pglogicalSlot(SLOT, false)] } }],
  [
    'adopt-reverse (source): subscription pg2_pg1 cannot work: pglogical 2.4.2 on the source',
    { source: { slots: [pglogicalSlot(SLOT)], subscriptions: [reverse()] } },
  ],
  [
    'adopt-others (target): subscription reports on the target also uses node pg2',
    { target: { subscriptions: [forward(), forward({ name: 'reports' })] } },
  ],
  [
    'adopt-others (source): slot pgl_reports_pg1_reports on the source also uses node pg1',
    { source: { slots: [pglogicalSlot(SLOT), pglogicalSlot('pgl_reports_pg1_reports')] } },
  ],
  ['adopt-set (source): node pg1 has no replication set pgbelt', { sets: { source: [] } }],
  [
    'adopt-set (source): replication set pgbelt does not carry update, delete',
    { sets: { source: [{ ...pgbeltSet(), operations: ['insert', 'truncate'] }] } },
  ],
  [
    'adopt-narrowed (source): public.parts is in set pgbelt with a row filter',
    { sets: { source: [{ ...pgbeltSet(), tables: [ORDERS, { ...PARTS, part: { filter: '(id > 7)' } }] }] } },
  ],
  [
    'adopt-extra-table (source): public.parts is in set pgbelt, and belt would not stream it: the spec leaves it out',
    { spec: `${SPEC}scope: { tables: { exclude: [public.parts] } }\n` },
  ],
  [
    'adopt-extra-table (source): public.parts is in set pgbelt, and belt would not stream it: no key of it',
    { source: { slots: [pglogicalSlot(SLOT)], tables: [table('orders'), keyless('parts')] } },
  ],
  [
    'adopt-not-copied (source): public.parts is in set pgbelt, and its rows were never copied',
    { target: { subscriptions: [forward({ tables: [{ ...ORDERS, state: 'ready' }] })] } },
  ],
]

describe('is refused', () => {
  test.each(REFUSED)('%s', async (says, situation) => {
    const { findings } = await adoptionOf(situation)
    const errors = findings
      .filter((d) => d.severity === 'error')
      .map((d) => `${d.code}${d.side === undefined ? '' : ` (${d.side})`}: ${d.message}`)
    expect(
      errors.filter((text) => text.startsWith(says)),
      errors.join('\n'),
    ).toHaveLength(1)
  })
})

test('is refused where no plan could go on, and says why before anything is taken over', async () => {
  const { findings } = await adoptionOf({ login: { source: 'wrong-password', target: 'ok' } })
  expect(findings.filter((d) => d.severity === 'error').map((d) => d.code)).toEqual(['replication-password'])
})

test('a table that pgbelt left out is named, and the plan adds and copies just that', async () => {
  const { findings, differences, plan } = await adoptionOf({
    sets: { source: [pgbeltSet([ORDERS])] },
    target: { subscriptions: [forward({ tables: [{ ...ORDERS, state: 'ready' }] })] },
  })
  expect(findings.filter((d) => d.severity === 'error')).toEqual([])
  expect(differences.join('\n')).toContain('Not in set pgbelt, though the spec has them in scope: public.parts.')
  const added = plan?.actions.find((a) => a.id === 'set-tables.source')?.sql.join('; ')
  expect(added).toContain(`'public.parts'::pg_catalog.regclass, synchronize_data := true`)
  expect(added).not.toContain('public.orders')
})

test('a way back that runs too early is told and taken away, and what is added to it later is not copied', async () => {
  const { findings, differences, plan } = await adoptionOf({
    to: 15,
    source: { slots: [pglogicalSlot(SLOT)], subscriptions: [reverse()] },
    sets: { target: [pgbeltSet()] },
  })
  expect(findings.filter((d) => d.severity === 'error')).toEqual([])
  expect(differences.join('\n')).toContain('Subscription pg2_pg1 feeds the source already')
  const dropped = plan?.actions.find((a) => a.id === 'drop.subscription.source')
  expect(dropped?.sql.join()).toContain("'pg2_pg1'")
  expect(plan?.actions.map((a) => a.id)).not.toContain('set-tables.target')
})

test('logins that pgbelt may have revoked, and row security that its role cannot pass, are told', async () => {
  const guarded = table('orders', { rowSecurity: true })
  const { differences } = await adoptionOf({
    spec: SPEC.replace('roles:\n', 'roles:\n  copy: [app]\n'),
    source: {
      slots: [pglogicalSlot(SLOT)],
      roles: [role('postgres', { superuser: true }), role('belt_replication'), role('app', { login: false })],
      tables: [guarded, table('parts')],
      ...script(tableObject('orders'), tableObject('parts')),
    },
  })
  expect(differences.join('\n')).toMatch(/app may not log in on the source/)
  expect(differences.join('\n')).toMatch(/Row security of public.orders/)
})

test('with --full extension and role are noted as made, for the end of the migration', async () => {
  const plain = await adoptionOf()
  const full = await adoptionOf({ full: true })
  expect(plain.sql.source.filter((s) => s.startsWith('insert'))).toHaveLength(1)
  expect(full.sql.source.filter((s) => s.startsWith('insert')).join()).toMatch(
    /pglogical\.source.*role\.source\.replication/,
  )
})

test('at absent the role goes with --full only, and never while another migration of pgbelt reads with it', async () => {
  const removed = async (situation: Situation): Promise<readonly string[]> => {
    const { spec, inspection } = (await adoptionOf(situation)).context
    const plan = planMigration({ spec: { ...spec, stage: 'absent' }, inspection, state: undefined, now: '' })
    return plan.actions.filter((a) => a.id.startsWith('drop.role.')).map((a) => a.side)
  }
  const elsewhere = { ...pglogicalSlot('pgl_billing_pg1_pg1_pg2'), database: 'billing' }
  expect(await removed({})).toEqual([])
  expect(await removed({ full: true })).toEqual(['source', 'target'])
  expect(await removed({ full: true, source: { slots: [pglogicalSlot(SLOT), elsewhere] } })).toEqual(['target'])
  const origin = { name: elsewhere.name, volatile: { remoteLsn: undefined, localLsn: undefined } }
  expect(await removed({ full: true, target: { subscriptions: [forward()], origins: [origin] } })).toEqual(['source'])
})

test('docs/adopt.md lists every finding of an adoption, and each is provoked here', () => {
  const folder = 'src/adopt'
  const text = readdirSync(folder)
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n')
  const codes = [...new Set([...text.matchAll(/'(adopt-[a-z-]+)'/g)].map((m) => m[1] ?? ''))].sort()
  expect(codes).toContain('adopt-swapped')
  expect([...rowsByCode(readPage('docs/adopt.md')).keys()].sort()).toEqual(codes)
  const provoked = REFUSED.map(([says]) => /^[a-z-]+/.exec(says)?.[0])
  expect(codes.filter((code) => !provoked.includes(code))).toEqual([])
})
