import type { Catalog } from '../../../../../src/catalog/catalog.js'
import { column, index, keyless, script, table, tableObject } from '../catalog.js'
import { closedTarget, record } from './restart.js'
import { NAMES, ORDERS, type Trouble } from './trouble.js'

const APPROVED =
  'approve: [{ hazard: large-objects, action: fence.source, reason: nobody reads them, until: 2026-12-31 }]'

function sessionsOf(role: string): Pick<Catalog, 'activity'> {
  return { activity: { openTransactions: [], preparedTransactions: [], sessionsByRole: [{ role, sessions: 2 }] } }
}

export const TABLE_TROUBLES: readonly Trouble[] = [
  {
    situation: { source: { tables: [keyless('audit')] } },
    says: 'info keyless-table (source): public.audit has no primary key; it gets REPLICA IDENTITY FULL',
    fix: 'keyless.tables: { public.audit: copy_at_cutover }',
  },
  {
    situation: { source: { tables: [keyless('a"b')] } },
    says: 'info keyless-table (source): public."a""b" has no primary key',
    fix: `keyless.tables: { 'public."a""b"': copy_at_cutover }`,
  },
  {
    situation: { source: { tables: [table('cache', { persistence: 'unlogged' })] } },
    says: 'warning copied-at-cutover (source): the rows of public.cache are copied inside the pause of the cutover, because it is unlogged',
    fix: 'alter table public.cache set logged;',
  },
  {
    situation: { source: { tables: [keyless('event', { columns: [column('j', 'json', { equality: false })] })] } },
    says: 'warning copied-at-cutover (source): the rows of public.event are copied inside the pause of the cutover, because column j has type json, which has no equality',
    fix: 'Give it a primary key',
  },
  {
    situation: { source: { tables: [keyless('audit')] }, lines: ['keyless: { default: copy_at_cutover }'] },
    says: 'info copied-at-cutover (source): the rows of public.audit are copied inside the pause of the cutover, as the spec says; until then the target holds none of them',
  },
  {
    situation: {
      source: { tables: [keyless('audit')], records: [record('fence.source'), record('open.target')] },
      lines: ['keyless: { default: copy_at_cutover }'],
    },
    says: 'info copied-at-cutover (source): the rows of public.audit are copied inside the pause of a rollback, as the spec says; until then the source has them as they were at the cutover',
  },
  {
    situation: {
      source: { tables: [keyless('audit')], records: [record('fence.source'), record('open.target')] },
      lines: ['keyless: { default: copy_at_cutover }', 'reverse: { enabled: false }'],
    },
    says: 'info copied-at-cutover (source): the rows of public.audit were copied inside the pause of the cutover, as the spec says; the source has them as they were then',
  },
  {
    situation: {
      source: { tables: [keyless('audit')] },
      target: { records: [record('fence.target'), record('open.source')] },
      lines: ['keyless: { default: copy_at_cutover }'],
    },
    says: 'info copied-at-cutover (source): the rows of public.audit are copied inside the pause of the cutover, as the spec says; until then the target holds none of them, or those of an earlier cutover',
  },
  {
    situation: { source: { tables: [table('slug', { columns: [column('Slug', 'text', { generated: 'stored' })] })] } },
    says: 'error generated-identity (source): the key of public.slug holds the generated column "Slug", whose value is not published',
  },
  {
    situation: { source: { tables: [table('orders')], indexes: [index('orders_pkey', 'orders', { valid: false })] } },
    says: 'error identity-invalid (source): the index orders_pkey that identifies rows of public.orders is INVALID',
    fix: 'reindex index concurrently public.orders_pkey;',
  },
  {
    situation: { source: { tables: [table('orders')], indexes: [index('by day', 'orders', { valid: false })] } },
    says: 'warning invalid-index (source): index public."by day" is INVALID on the source, so it is not made on the target',
  },
  {
    situation: { source: { tables: [table('far', { kind: 'foreign table' })] } },
    says: 'info foreign-table (source): public.far is a foreign table',
  },
  {
    situation: { source: { tables: [table('orders', { accessMethod: 'columnar' })] } },
    says: 'warning access-method (source): public.orders uses the access method columnar',
  },
  {
    situation: { source: { largeObjects: 1 }, lines: [APPROVED] },
    says: 'warning large-objects (source): the source holds 1 large object',
    fix: 'They stay behind, as approved.',
  },
  {
    situation: { source: { largeObjects: 1 } },
    says: 'error large-objects (source): the source holds 1 large object; logical replication does not carry such',
  },
  {
    situation: {
      source: ORDERS,
      target: {
        tables: [table('orders', { volatile: { ...table('orders').volatile, heapBytes: 8192 } })],
        ...script(tableObject('orders')),
      },
    },
    says: 'error target-not-empty (target): public.orders already holds rows on the target, which belt did not copy',
    fix: 'Only if nobody needs them: empty public.orders by hand',
  },
  {
    situation: {
      source: ORDERS,
      target: closedTarget({
        tables: [table('orders', { volatile: { ...table('orders').volatile, heapBytes: 8192 } })],
        ...script(tableObject('orders')),
      }),
    },
    says: 'error target-not-empty (target): public.orders already holds rows on the target, which belt did not copy',
    fix: 'truncate public.orders;',
  },
  {
    situation: { target: ORDERS },
    says: 'error target-in-use (target): there is no table in scope on the source, and the target holds 1 table (public.orders): are source and target swapped?',
    fix: 'The source is the database that applications use now',
  },
  {
    situation: { source: ORDERS, target: { ...ORDERS, ...sessionsOf('app') } },
    says: 'error target-in-use (target): sessions of app (2) are connected to the target, which holds 1 table (public.orders) and would be closed to them',
    fix: 'target.preview_roles',
  },
  {
    situation: { target: { beltTables: ['record', 'marker_0a1b2c3d', 'trousers'] } },
    says: 'error belt-schema-taken (target): schema belt on the target holds trousers, which belt did not make',
  },
  {
    situation: {
      target: {
        records: [{ lineage: NAMES.lineage, action: 'fence.target', object: 'database acl', before: null, at: '' }],
        ...sessionsOf('app'),
      },
    },
    says: 'warning target-sessions (target): sessions of app (2) are connected to the fenced target',
  },
]
