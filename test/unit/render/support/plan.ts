import type { Action } from '../../../../src/actions/action.js'
import { actionId } from '../../../../src/actions/base.js'
import { textKey } from '../../../../src/catalog/object-key.js'
import { quoteQualified } from '../../../../src/core/quote.js'
import { NOTHING_SPECIAL } from '../../../../src/migration/draft.js'
import { PLAN_FORMAT, type Plan } from '../../../../src/plan/plan.js'

/** A name a hostile tenant could give a table: terminal escapes, markup, a quote, an SQL comment, a line end, RTL. */
export const HOSTILE = '\u001b[2J"; drop table x; --<img src=x onerror=alert(1)>\n| `a` **b** \u202e @everyone'

export const EMPTY_PLAN: Plan = {
  format: PLAN_FORMAT,
  name: 'shop',
  lineage: '0123456789abcdef',
  engine: 'native',
  from: 'absent',
  to: 'replicating',
  specDigest: 'd'.repeat(16),
  source: server('db1.example', 15, '15.20'),
  target: server('db2.example', 17, '17.11'),
  actions: [],
  facts: {},
  deferred: [],
  diagnostics: [],
  volatile: { createdAt: '2026-11-05T10:00:00Z', estimates: {}, activity: [], copyRows: 0, copyBytes: 0 },
}

function server(host: string, major: number, version: string): Plan['source'] {
  return { systemIdentifier: `7${major}`, database: 'shop', host, port: 5432, major, version }
}

export function tableAction(name: string, extra: Partial<Action> = {}): Action {
  const relation = quoteQualified('public', name)
  const action = {
    ...NOTHING_SPECIAL,
    kind: 'create-object',
    id: actionId('table', relation),
    side: 'target',
    phase: 'schema',
    operation: 'create',
    title: `table ${relation}`,
    sql: [`create table ${relation} (\n  id bigint not null\n)`],
    makes: [textKey('table', relation)],
    ...extra,
  }
  return action as Action
}

export function indexAction(name: string): Action {
  const relation = quoteQualified('public', 'orders')
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-index',
    id: actionId('index', quoteQualified('public', name)),
    side: 'target',
    phase: 'build',
    operation: 'create',
    title: `index ${quoteQualified('public', name)}`,
    note: 'Built while changes stream; apply of the table waits for it.',
    sql: [`create index ${name} on ${relation} (customer_id)`],
    locks: [{ mode: 'SHARE', relation }],
    timeouts: { lockMs: 3000 },
    makes: [textKey('index', quoteQualified('public', name))],
    index: { schema: 'public', name },
    table: { schema: 'public', name: 'orders' },
    concurrently: false,
    clear: [],
  }
}

export const SLOT: Action = {
  ...NOTHING_SPECIAL,
  kind: 'create-slot',
  id: actionId('slot', 'source'),
  side: 'source',
  phase: 'replication',
  operation: 'create',
  title: 'replication slot belt_shop_01234567_f',
  note: 'Waits for every write transaction and prepared transaction of the whole source cluster.',
  sql: ["select pg_catalog.pg_create_logical_replication_slot('belt_shop_01234567_f', 'pgoutput')"],
  transaction: 'none',
  timeouts: { statementMs: 60_000 },
  hazards: [
    { code: 'retains-wal', message: 'from here on the source keeps its log until the target has confirmed it' },
  ],
  slot: 'belt_shop_01234567_f',
  plugin: 'pgoutput',
}

export const COPY: Action = {
  ...NOTHING_SPECIAL,
  kind: 'await-copy',
  id: actionId('copy', 'target'),
  side: 'target',
  phase: 'copy',
  operation: 'run',
  title: 'copy of 2 tables',
  sql: [],
  subscription: 'belt_shop_01234567_f',
  slot: 'belt_shop_01234567_f',
  tables: [{ schema: 'public', name: 'orders' }],
}

export const SMALL_PLAN: Plan = {
  ...EMPTY_PLAN,
  actions: [tableAction('orders'), tableAction('order lines'), SLOT, COPY, indexAction('orders_customer_idx')],
  deferred: [
    {
      what: 'constraint public.orders.total_positive',
      until: 'cutover',
      why: 'it is NOT VALID: rows that still arrive could be refused',
    },
  ],
  diagnostics: [
    {
      severity: 'warning',
      code: 'large-objects',
      message: 'the source holds 3 large objects, which logical replication does not carry',
      fix: 'Copy them yourself at cutover.',
      side: 'source',
    },
  ],
  volatile: {
    createdAt: '2026-11-05T10:00:00Z',
    copyRows: 12_345_678,
    copyBytes: 1_999_000_000,
    estimates: {
      [COPY.id]: { rows: 12_345_678, bytes: 1_999_000_000, seconds: 95 },
      [actionId('index', 'public.orders_customer_idx')]: { bytes: 12_000_000, seconds: 4.2 },
    },
    activity: [
      {
        severity: 'warning',
        code: 'open-transaction',
        message: 'process 4711 (app) writes since 45 s; creating the slot waits for it',
        side: 'source',
      },
    ],
  },
}
