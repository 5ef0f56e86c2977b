import type { Constraint } from '../../../../../src/catalog/relations.js'
import type { Slot, Subscription } from '../../../../../src/catalog/replication.js'
import type { StreamEvidence, WorkerFailure } from '../../../../../src/catalog/stream-evidence.js'
import { MINIMAL } from '../../../spec/load-text.js'
import { column, index, role, script, slot, subscription, SUPERUSER, table, tableObject } from '../catalog.js'
import type { Situation } from '../planned.js'
import { closedTarget, record } from './restart.js'
import { NAMES, REVERSE_OFF, type Trouble } from './trouble.js'

const { publication, subscription: NAME, slot: SLOT } = NAMES.forward
const READY: Subscription['tables'] = [{ schema: 'public', name: 'orders', state: 'ready' }]
const ORDERS = { tables: [table('orders')], ...script(tableObject('orders')) }
const OWN: Slot = { ...slot(SLOT), database: 'shop' }

const LOOKED: StreamEvidence = {
  subscriber: 'target',
  subscription: NAME,
  held: 'ok',
  worker: 'absent',
  failures: [],
  log: 'read',
  workers: { running: 1, limit: 4, setting: 'max_logical_replication_workers' },
}

function failure(message: string, more: Partial<WorkerFailure> = {}): WorkerFailure {
  return { secondsAgo: 3, sqlState: undefined, message, table: undefined, key: undefined, ...more }
}

/** A subscription that was copied and streamed, as a close look finds it now. */
export function stream(looked: Partial<StreamEvidence>, more: Situation = {}): Situation {
  const published = { name: publication, owner: 'postgres', allTables: false, viaRoot: false } as const
  const tables = [{ schema: 'public', name: 'orders' }]
  return {
    lines: REVERSE_OFF,
    ...more,
    source: {
      ...ORDERS,
      slots: [OWN],
      publications: [{ ...published, operations: ['insert', 'update', 'delete', 'truncate'], tables }],
      ...more.source,
    },
    target: { ...ORDERS, subscriptions: [subscription(NAME, READY)], ...more.target },
    streams: [{ ...LOOKED, ...looked }],
  }
}

const CLOSED = { ...closedTarget(), ...ORDERS, subscriptions: [subscription(NAME, READY)] }
const LINE_OF_ORDERS: Constraint = {
  schema: 'public',
  table: 'line',
  name: 'line_of_fkey',
  type: 'foreign key',
  validated: true,
  inherited: false,
  references: { schema: 'public', name: 'orders' },
}
export const WITH_ROLE = { roles: [role('belt_replication', { replication: true })] }
export const APPROVED =
  'approve: [{ hazard: role-password, action: role-password.source, reason: r, until: 2999-12-31 }]'
const CUTOVER = `${MINIMAL.replace('stage: replicating', 'stage: cutover')}reverse: { enabled: false }\n`
const DOWN = `drift-subscription-down (target): subscription ${NAME} is enabled and not connected: `
const FAILS = `drift-subscription-down (target): subscription ${NAME} is enabled and fails again and again: `
const WIDER = { ...ORDERS, tables: [table('orders', { columns: [column('id'), column('Note', 'text')] })] }

export const STREAM_TROUBLES: readonly Trouble[] = [
  {
    situation: stream({}),
    says: `warning ${DOWN}neither the catalogs nor the log of the target server say why`,
    fix: 'What it holds lets it in when belt logs in with it from here',
  },
  {
    situation: stream({ log: 'forbidden', held: 'unread' }),
    says: `warning ${DOWN}the catalogs of the target do not say why, and belt may not read its log`,
  },
  {
    situation: stream({ worker: 'starting' }),
    says: `warning ${DOWN}it may be about to start`,
    fix: 'Look again in a minute',
  },
  {
    situation: stream({
      worker: 'starting',
      workers: { running: 4, limit: 4, setting: 'max_logical_replication_workers' },
    }),
    says: `warning ${DOWN}all 4 workers that max_logical_replication_workers allows run on the target already`,
    fix: 'Raise that limit',
  },
  {
    situation: stream({ held: 'wrong-password' }, { login: { source: 'ok' } }),
    says: `warning ${DOWN}the source refuses the password that it holds for role belt_replication`,
    fix: 'belt plan shows how it gets the password of the spec',
  },
  {
    situation: stream({ held: 'not-allowed' }),
    says: `warning ${DOWN}role belt_replication, as which it logs in, may not log in on the source`,
  },
  {
    situation: stream({ held: 'wrong-password', worker: 'steady' }, { login: { source: 'ok' } }),
    says: `warning drift-subscription-password (target): subscription ${NAME} streams and will not connect again once it is cut off: the source refuses the password`,
  },
  {
    situation: stream({ slotReader: { pid: 77, application: 'debezium', address: '10.0.0.7' } }),
    says: `warning ${DOWN}process 77 (debezium from 10.0.0.7) reads slot ${SLOT} on the source instead`,
  },
  {
    situation: stream({ slotReader: { pid: 77, application: NAME, address: '' } }),
    says: `warning ${DOWN}process 77 (${NAME}) of an earlier connection still holds slot ${SLOT} on the source`,
    fix: 'pg_terminate_backend',
  },
  {
    situation: stream({}, { sourceSettings: { output_plugin_libraries: 'test_decoding' } }),
    says: `warning ${DOWN}output_plugin_libraries of the source does not name pgoutput`,
  },
  {
    situation: stream({ worker: 'restarting' }, { source: WIDER }),
    says: `warning ${FAILS}table public.orders has no column "Note" on the target`,
    fix: 'alter table public.orders add column "Note" text;',
  },
  {
    situation: stream({}, { target: { tables: [] } }),
    says: `warning ${DOWN}table public.orders is not there on the target`,
    fix: 'belt plan makes it and copies it',
  },
  {
    situation: stream({
      worker: 'restarting',
      failures: [
        failure('duplicate key value violates unique constraint "orders_pkey"', {
          table: { schema: 'public', name: 'orders' },
          key: 'Key (id)=(7)',
        }),
      ],
    }),
    says: `warning ${FAILS}its worker ended 3 s ago: duplicate key value violates unique constraint "orders_pkey", table public.orders, Key (id)=(7)`,
    fix: 'belt plan --resync public.orders',
  },
  {
    situation: stream(
      {
        failures: [failure('duplicate key value violates unique constraint "orders_pkey"', { secondsAgo: undefined })],
      },
      { target: { indexes: [index('orders_pkey', 'orders', { unique: true, primary: true })] } },
    ),
    says: `warning ${DOWN}its worker ended: duplicate key value violates unique constraint "orders_pkey", table public.orders`,
  },
  {
    situation: stream({ failures: [failure('could not extend file "base/1/2": No space left on device')] }),
    says: `warning ${DOWN}its worker ended 3 s ago: could not extend file`,
    fix: 'Make room on the target',
  },
  {
    situation: stream({ failures: [failure('Zugriff verweigert', { sqlState: '42501', secondsAgo: 180 })] }),
    says: `warning ${DOWN}its worker ended 3 min ago: Zugriff verweigert`,
    fix: 'Give back on the target what the message asks for',
  },
  {
    situation: stream({
      failures: [failure('could not connect to the publisher: no pg_hba.conf entry for replication connection')],
    }),
    says: `warning ${DOWN}its worker ended 3 s ago: could not connect to the publisher`,
    fix: 'pg_hba.conf of the source must let belt_replication in from there',
  },
  {
    situation: stream({ failures: [failure('FATAL:  pg_hba.conf rejects connection for host "10.0.0.7"')] }),
    says: `warning ${DOWN}its worker ended 3 s ago: FATAL:  pg_hba.conf rejects connection`,
    fix: 'pg_hba.conf of the source must let belt_replication in from there',
  },
  {
    situation: stream({ failures: [failure('cannot apply conflicting row')] }),
    says: `warning ${DOWN}its worker ended 3 s ago: cannot apply conflicting row`,
    fix: 'take away what is in the way',
  },
  {
    situation: stream({
      failures: [failure('worker registration failed, you might want to increase max_worker_processes setting')],
    }),
    says: `warning ${DOWN}its worker ended 3 s ago: worker registration failed`,
    fix: 'Raise that limit',
  },
  {
    situation: stream({ failures: [failure('data stream ended')] }),
    says: `warning ${DOWN}its worker ended 3 s ago: data stream ended`,
    fix: 'pg_hba.conf of the source must let belt_replication in from there',
  },
  {
    situation: stream({ failures: [failure('something new')] }),
    says: `warning ${DOWN}its worker ended 3 s ago: something new`,
    fix: 'belt plan --restart',
  },
  {
    situation: stream(
      { failures: [failure('duplicate key value violates unique constraint "x"')] },
      { target: { subscriptions: [{ ...subscription(NAME, READY), enabled: false }] } },
    ),
    says: `warning drift-subscription-disabled (target): subscription ${NAME} is disabled; before, its worker ended 3 s ago: duplicate key`,
    fix: `alter subscription ${NAME} enable First: Somebody wrote to the target`,
  },
  {
    situation: stream(
      { worker: 'steady', failures: [failure('duplicate key value violates unique constraint "x"')] },
      {
        target: { subscriptions: [subscription(NAME, [{ schema: 'public', name: 'orders', state: 'data' }])] },
      },
    ),
    says: `warning drift-copy-failing (target): subscription ${NAME} does not get on copying a table: its worker ended 3 s ago: duplicate key`,
  },
  {
    situation: stream({ held: 'wrong-password' }, { spec: CUTOVER, login: { source: 'ok' } }),
    says: `error ${DOWN}the source refuses the password`,
    fix: 'with stage: replicating belt plan shows how it gets the password of the spec',
  },
  {
    situation: stream({ worker: 'steady' }, { spec: CUTOVER, resync: ['orders'] }),
    says: 'error resync-refused (target): a table is copied anew on the way to stage replicating, and the spec asks for cutover',
    fix: 'Set stage: replicating',
  },
  {
    situation: stream(
      { worker: 'steady' },
      {
        target: {
          ...ORDERS,
          subscriptions: [{ ...subscription(NAME, READY), setAside: [{ schema: 'public', name: 'line' }] }],
        },
      },
    ),
    says: `warning drift-set-aside (target): subscription ${NAME} passes over the changes of public.line`,
    fix: 'belt plan goes on with it',
  },
  {
    situation: { source: ORDERS, resync: ['orders'] },
    says: 'error resync-refused (target): nothing streams to the target',
  },
  {
    situation: stream({ worker: 'steady' }, { resync: ['orders'] }),
    says: 'error restart-refused (target): no record on the target says that belt has kept applications out',
  },
  {
    situation: stream({ worker: 'steady' }, { resync: ['nothing'], target: CLOSED }),
    says: 'error resync-refused (target): public.nothing is no table in scope',
  },
  {
    situation: stream({ worker: 'steady' }, { resync: ['Orders'], target: CLOSED }),
    says: 'error resync-refused (target): public."Orders" is no table in scope; did you mean `public.orders`?',
  },
  {
    situation: stream({ worker: 'steady' }, { resync: ['orders'], target: { ...CLOSED, tables: [] } }),
    says: 'error resync-refused (target): public.orders is not on the target',
    fix: 'belt plan makes it and copies it',
  },
  {
    situation: stream(
      { worker: 'steady' },
      {
        resync: ['orders'],
        target: { ...CLOSED, me: { ...SUPERUSER, maySilenceTriggers: false }, constraints: [LINE_OF_ORDERS] },
      },
    ),
    says: 'error resync-refused (target): foreign keys refer to public.orders, and postgres may not set session_replication_role',
    fix: 'belt plan --restart',
  },
  {
    situation: stream(
      { worker: 'steady' },
      { target: { ...CLOSED, records: [record('fence.target'), record('resync-begun.1.public.nothing')] } },
    ),
    says: 'error resync-refused (target): public.nothing is no table in scope',
  },
  {
    situation: stream({ held: 'ok', worker: 'steady' }, { source: WITH_ROLE, login: { source: 'wrong-password' } }),
    says: `error replication-password (source): role belt_replication exists on the source with another password than the spec gives, and subscription ${NAME} holds the password that it has`,
    fix: '{ hazard: role-password, action: role-password.source }',
  },
  {
    situation: stream({ held: 'wrong-password' }, { source: WITH_ROLE, login: { source: 'wrong-password' } }),
    says: `error replication-password (source): role belt_replication exists on the source with another password than the spec gives, and subscription ${NAME} holds neither`,
  },
  {
    situation: stream(
      { held: 'ok', worker: 'steady' },
      { source: WITH_ROLE, login: { source: 'wrong-password' }, lines: [...REVERSE_OFF, APPROVED] },
    ),
    says: `warning replication-password (source): role belt_replication exists on the source with another password than the spec gives, and subscription ${NAME} holds the password that it has; the plan sets it, as approved`,
  },
]
