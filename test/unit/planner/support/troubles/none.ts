import { MINIMAL } from '../../../spec/load-text.js'
import { column, index, role, script, slot, subscription, SUPERUSER, table, tableObject } from '../catalog.js'
import type { Situation } from '../planned.js'
import { NAMES, ORDERS, REVERSE_OFF } from './trouble.js'

/** Situations that look like one of the above and are none. */
export const NO_TROUBLES: Readonly<Record<string, Situation>> = {
  'two databases ready for a migration': { source: ORDERS },
  'a target that cannot publish, with no way back wanted': {
    targetSettings: { wal_level: 'replica' },
    lines: REVERSE_OFF,
  },
  'sessions on the target that the spec spares, and those of a superuser': {
    source: ORDERS,
    target: {
      ...ORDERS,
      roles: [role('boss', { superuser: true }), role('viewer')],
      activity: {
        openTransactions: [],
        preparedTransactions: [],
        sessionsByRole: ['boss', 'viewer'].map((name) => ({ role: name, sessions: 1 })),
      },
    },
    lines: ['cutover: { except_roles: [viewer] }'],
  },
  'limits that this user may not see': {
    sourceServer: { settings: {} },
    targetServer: { settings: {} },
  },
  'limits just enough for both directions': {
    source: ORDERS,
    sourceSettings: {
      max_replication_slots: '3',
      max_wal_senders: '3',
      max_logical_replication_workers: '1',
      max_worker_processes: '2',
    },
    targetSettings: {
      max_replication_slots: '3',
      max_wal_senders: '1',
      max_logical_replication_workers: '2',
      max_worker_processes: '3',
    },
  },
  'the same limits once belt itself uses them': {
    source: {
      ...ORDERS,
      slots: [{ ...slot(NAMES.forward.slot, true), database: 'shop' }, slot('pg_16390_sync_16385_7002', true)],
    },
    sourceSettings: { max_replication_slots: '3', max_wal_senders: '3' },
    target: {
      subscriptions: [subscription(NAMES.forward.subscription)],
      origins: ['pg_16390', 'pg_16390_16385'].map((name) => ({
        name,
        volatile: { remoteLsn: undefined, localLsn: undefined },
      })),
    },
    targetSettings: { max_logical_replication_workers: '2', max_worker_processes: '3' },
    lines: REVERSE_OFF,
  },
  'an owner whose tables are not published': {
    source: {
      tables: [table('p', { kind: 'partitioned table', owner: 'x' })],
      me: { ...SUPERUSER, superuser: false },
      roles: [role('belt_replication', { replication: true })],
    },
  },
  'row security on a table whose rows stay': {
    source: { tables: [table('p', { rowSecurity: true })] },
    target: {
      me: { ...SUPERUSER, superuser: false, bypassRls: false },
      roles: [role('belt_replication', { replication: true })],
    },
    lines: ['scope: { tables: { schema_only: [public.p] } }'],
  },
  'the index of a partitioned table before its parts are attached': {
    source: { tables: [table('orders')], indexes: [index('i', 'orders', { valid: false, partitioned: true })] },
  },
  'a column that may be null on the target only': {
    source: ORDERS,
    target: { tables: [table('orders', { columns: [column('id')] })], ...script(tableObject('orders')) },
  },
  'one cluster, where every role is on both sides': {
    sameCluster: true,
    source: script({ ...tableObject('a'), roles: ['app'] }),
  },
  'a role without its login where the fence takes it': {
    spec: MINIMAL.replace('roles:', 'cutover: { fence: revoke_login }\nroles:\n  copy: [app]'),
    source: { roles: [role('app')] },
    target: { roles: [role('app', { login: false })] },
  },
  'a provider whose switch is on': { sourceSettings: { 'rds.logical_replication': '1' } },
  'an extension in the same version': {
    source: {
      extensions: [
        {
          name: 'hstore',
          version: '1.8',
          schema: 'public',
          owner: 'x',
          configTables: [{ table: 't', condition: '', rows: 0 }],
        },
      ],
    },
    target: { availableExtensions: [{ name: 'hstore', defaultVersion: '1.8' }] },
  },
}
