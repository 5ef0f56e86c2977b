import type { Publication } from '../../../../../src/catalog/replication.js'
import { slot, subscription, SUPERUSER } from '../catalog.js'
import { NAMES, ORDERS, REVERSE_OFF, type Trouble } from './trouble.js'
import { STREAMING_STATE } from './state.js'

function own(): ReturnType<typeof slot> {
  return { ...slot(NAMES.forward.slot, true), database: 'shop' }
}

const READY = [{ schema: 'public', name: 'orders', state: 'ready' as const }]
const PUBLISHED: Publication = {
  name: NAMES.forward.publication,
  owner: 'postgres',
  allTables: false,
  operations: ['insert', 'update', 'delete', 'truncate'],
  viaRoot: false,
  tables: [{ schema: 'public', name: 'orders' }],
}

/** Copied and streaming, with what the source publishes now. */
function streams(publications: readonly Publication[]): Trouble['situation'] {
  return {
    source: { ...ORDERS, slots: [own()], publications },
    target: { ...ORDERS, subscriptions: [subscription(NAMES.forward.subscription, READY)] },
  }
}

export const REPLICATION_TROUBLES: readonly Trouble[] = [
  {
    situation: streams([{ ...PUBLISHED, tables: [] }]),
    says: `error replication-broken (source): public.orders is not in publication ${NAMES.forward.publication} on the source any more, and what changed there since is lost to subscription ${NAMES.forward.subscription}`,
    fix: 'Copy that table anew: belt plan --resync public.orders.',
  },
  {
    situation: streams([{ ...PUBLISHED, operations: ['insert', 'update'] }]),
    says: `error replication-broken (source): publication ${NAMES.forward.publication} on the source leaves out delete, truncate, and what that keeps back is lost to subscription ${NAMES.forward.subscription}`,
    fix: 'belt plan --restart',
  },
  {
    situation: streams([]),
    says: `error replication-broken (source): publication ${NAMES.forward.publication} is not there on the source any more, and what changed since is lost`,
    fix: 'belt plan --restart',
  },
  {
    situation: { target: { subscriptions: [subscription(NAMES.forward.subscription)] } },
    says: `error replication-broken (source): slot ${NAMES.forward.slot} is not there on the source any more, and what changed on the source since is lost to subscription ${NAMES.forward.subscription}`,
    fix: 'belt plan --restart',
  },
  {
    situation: {
      source: { slots: [{ ...own(), walStatus: 'lost' }] },
      target: { subscriptions: [subscription(NAMES.forward.subscription)] },
    },
    says: `error replication-broken (source): slot ${NAMES.forward.slot} on the source is invalid`,
  },
  {
    situation: {
      source: { slots: [{ ...own(), database: 'elsewhere' }] },
      target: { subscriptions: [subscription(NAMES.forward.subscription)] },
    },
    says: `error replication-broken (source): slot ${NAMES.forward.slot} on the source is another one now (pgoutput, database elsewhere)`,
  },
  {
    situation: {
      source: { slots: [own()] },
      target: {
        subscriptions: [{ ...subscription(NAMES.forward.subscription), origin: 'pg_16500' }],
        origins: [{ name: 'pg_16500', volatile: { remoteLsn: '0/2', localLsn: '0/9' } }],
      },
    },
    says: 'error replication-broken (source): the target has applied changes up to 0/2 and the source has only written up to 0/1: it was put back to an earlier state',
  },
  {
    situation: {
      source: {
        ...ORDERS,
        slots: [own()],
        publications: [
          {
            name: NAMES.forward.publication,
            owner: 'postgres',
            allTables: false,
            operations: ['insert', 'update', 'delete', 'truncate'],
            viaRoot: false,
            tables: [{ schema: 'public', name: 'orders', part: { filter: '(id > 7)' } }],
          },
        ],
      },
      target: { subscriptions: [subscription(NAMES.forward.subscription)] },
    },
    says: 'error replication-broken (source): public.orders is published from the source with a row filter or a column list',
    fix: 'belt plan --restart',
  },
  {
    situation: { sourceServer: { timeline: 3 }, state: STREAMING_STATE },
    says: 'warning timeline-changed (source): the source is on timeline 3 and was on 1',
  },
  {
    situation: { sourceSettings: { wal_level: 'replica' } },
    says: 'error wal-level (source): wal_level is replica; the source must publish its changes, which needs logical',
    fix: 'alter system set wal_level = logical; then restart the server.',
  },
  {
    situation: { sourceSettings: { wal_level: 'replica', 'rds.logical_replication': 'off' } },
    says: 'error wal-level (source)',
    fix: 'Set rds.logical_replication = 1 in the parameter group and reboot.',
  },
  {
    situation: { targetSettings: { wal_level: 'replica', 'cloudsql.iam_authentication': 'on' } },
    says: 'error wal-level (target): wal_level is replica; the way back publishes from the target',
    fix: 'Set the flag cloudsql.logical_decoding = on and restart the instance. Or give up the way back',
  },
  {
    situation: { sourceSettings: { max_replication_slots: '2' }, source: { slots: [slot('standby')], ...ORDERS } },
    says: 'error replication-slots (source): max_replication_slots is 2 and others use 1; the forward direction needs 3 (1 to stream, 2 for tables being copied)',
    fix: 'alter system set max_replication_slots = 8; then restart',
  },
  {
    situation: { targetSettings: { max_wal_senders: '1' }, target: { slots: [slot('a', true), slot('b')] } },
    says: 'error wal-senders (target): max_wal_senders is 1 and others use at least 1; the reverse direction needs 1',
    fix: 'alter system set max_wal_senders = 6;',
  },
  {
    situation: {
      targetSettings: { max_logical_replication_workers: '2' },
      target: { subscriptions: [subscription('x')] },
    },
    says: 'error replication-workers (target): max_logical_replication_workers is 2 and 1 other subscription of this database may use as many; the forward direction needs at least 2',
  },
  {
    situation: { targetSettings: { max_sync_workers_per_subscription: '0' } },
    says: 'error sync-workers (target): max_sync_workers_per_subscription is 0, so no table would ever be copied',
  },
  {
    situation: { targetSettings: { max_worker_processes: '2', max_logical_replication_workers: '2' } },
    says: 'error worker-processes (target): max_worker_processes is 2; the launcher and the workers of 1 subscription need at least 3',
    fix: 'alter system set max_worker_processes = 7;',
  },
  {
    situation: { targetSettings: { max_worker_processes: '3' } },
    says: 'warning worker-processes (target): max_worker_processes is 3, less than the 4 that max_logical_replication_workers promises',
  },
  {
    situation: { targetSettings: { max_replication_slots: '1' }, lines: REVERSE_OFF },
    says: 'error replication-origins (target): max_replication_slots is 1 and others use 0 replication origins; the forward direction needs 2 (1 to stream, 1 for tables being copied)',
  },
  {
    situation: { to: 18, targetSettings: { max_active_replication_origins: '1' } },
    says: 'error replication-origins (target): max_active_replication_origins is 1',
    fix: 'alter system set max_active_replication_origins = 6;',
  },
  {
    situation: { target: { me: { ...SUPERUSER, name: 'Admin', mayCreateSubscription: false } } },
    says: 'error subscription-privilege (target): Admin may not create a subscription on the target',
    fix: 'grant pg_create_subscription to "Admin"; grant create on database shop to "Admin";',
  },
  {
    situation: { source: { me: { ...SUPERUSER, mayCreateSubscription: false } } },
    says: 'error subscription-privilege (source): the way back needs a subscription on the source, which postgres may not create',
    fix: 'Before 16 only a superuser',
  },
  {
    situation: { sourceSettings: { max_slot_wal_keep_size: '1024' } },
    says: 'warning slot-wal-limit (source): max_slot_wal_keep_size is 1024 MB',
  },
  {
    situation: { from: 18, to: 18, sourceSettings: { idle_replication_slot_timeout: '3600' } },
    says: 'warning slot-idle-limit (source): idle_replication_slot_timeout is 3600 s',
  },
  {
    situation: {
      target: {
        publications: [
          { name: 'All', owner: 'x', allTables: true, operations: ['insert'], viaRoot: false, tables: [] },
        ],
      },
    },
    says: 'error all-tables-publication (target): publication All on the target is FOR ALL TABLES',
    fix: 'drop publication "All";',
  },
  {
    situation: { source: { subscriptions: [subscription('feed')] } },
    says: 'warning source-subscribes (source): the source itself receives rows through subscription feed',
  },
  {
    situation: {
      source: {
        ...ORDERS,
        activity: {
          openTransactions: [
            {
              pid: 4711,
              user: 'app',
              database: 'other',
              application: 'batch',
              state: 'idle in transaction',
              transactionSeconds: 61.4,
              writes: true,
              backendType: 'client backend',
            },
          ],
          preparedTransactions: [{ gid: 'tx 1', database: 'other', owner: 'app', seconds: 3600 }],
          sessionsByRole: [],
        },
      },
    },
    says: 'warning open-transaction (source): pid 4711 (app, batch, database other) has held a write transaction open for 61 s; making a slot waits for it',
  },
  {
    situation: {
      source: {
        ...ORDERS,
        activity: {
          openTransactions: [],
          preparedTransactions: [{ gid: 'tx 1', database: 'other', owner: 'app', seconds: 3600 }],
          sessionsByRole: [],
        },
      },
    },
    says: 'warning prepared-transaction (source): prepared transaction tx 1 of app in database other is 3600 s old',
  },
]
