import { MINIMAL } from '../../../spec/load-text.js'
import {
  emptyCatalog,
  keyless,
  origin,
  POOR,
  role,
  script,
  slot,
  subscription,
  table,
  tableObject,
} from '../catalog.js'
import { NAMES, type Trouble } from './trouble.js'

const CUTOVER = MINIMAL.replace('stage: replicating', 'stage: cutover')
const OPENED = { lineage: NAMES.lineage, action: 'open.target', object: 'intent', before: null, at: '2026-11-05' }

function connected(name: string): Pick<ReturnType<typeof emptyCatalog>, 'activity'> {
  return { activity: { openTransactions: [], preparedTransactions: [], sessionsByRole: [{ role: name, sessions: 2 }] } }
}

function writers(
  more: Partial<ReturnType<typeof emptyCatalog>['activity']>,
): Pick<ReturnType<typeof emptyCatalog>, 'activity'> {
  return { activity: { ...emptyCatalog('source', 15).activity, ...more } }
}

const STREAMS = {
  source: { tables: [table('orders'), table('late')], ...script(tableObject('orders'), tableObject('late')) },
  target: {
    tables: [table('orders')],
    ...script(tableObject('orders')),
    subscriptions: [subscription(NAMES.forward.subscription, [{ schema: 'public', name: 'orders', state: 'ready' }])],
  },
} as const

/** The target as a cutover leaves it: opened, with what feeds the source. */
const SERVES = {
  ...STREAMS.target,
  records: [{ lineage: NAMES.lineage, action: 'opened.target', object: 'serves', before: null, at: '2026-11-05' }],
  beltTables: ['record', NAMES.markerTable],
  slots: [slot(NAMES.reverse.slot)],
}
const GONE = (stage: string): string => `${MINIMAL.replace('stage: replicating', `stage: ${stage}`)}gone: source\n`
const OTHER = { lineage: '99887766aabbccdd', object: 'x', at: '2026-01-02T00:00:00Z' }

export const HANDOVER_TROUBLES: readonly Trouble[] = [
  {
    situation: { spec: MINIMAL.replace('stage: replicating', 'stage: finalized'), source: STREAMS.source },
    says: 'error stage-order: stage finalized cannot be reached from absent in one plan',
    fix: 'its state is lost, nothing is left to do: set stage: absent',
  },
  ...['cutover', 'rolled-back'].map((stage) => ({
    situation: {
      spec: MINIMAL.replace('stage: replicating', `stage: ${stage}`),
      source: { records: [OPENED] },
      target: { records: [], slots: [{ ...slot(NAMES.reverse.slot), database: 'shop' }] },
    },
    says: `error replication-broken (target): the target serves and subscription ${NAMES.reverse.subscription} of the way back is not there on the source`,
    fix: 'stay on the target (stage: finalized',
  })),
  {
    situation: { spec: GONE('cutover'), gone: true, target: SERVES },
    says: 'error source-gone (source): stage cutover cannot be reached from cutover without the source',
    fix: 'Only finalized and absent',
  },
  {
    situation: {
      spec: GONE('finalized'),
      gone: true,
      target: { ...SERVES, records: [...SERVES.records, { ...OPENED, action: 'fence.target' }] },
    },
    says: 'error source-gone (source): stage finalized cannot be reached from',
    fix: 'apply its saved plan again',
  },
  {
    situation: { spec: GONE('finalized'), gone: true, target: SERVES },
    says: `warning left-on-source (source): the source is given up as it is; if it ever starts again, it may still have: subscription ${NAMES.reverse.subscription}`,
    fix: 'take `gone` out of the spec',
  },
  {
    situation: { target: { origins: [origin('pg_16500'), origin('pg_16400')], subscriptionOids: ['16400'] } },
    says: 'info leftover (target): replication origin pg_16500 may be left over',
    fix: 'drop.leftover.origin.target.pg_16500',
  },
  {
    situation: { source: { records: [{ ...OTHER, action: 'grants.source.replication', before: null }] } },
    says: 'info leftover (source): records of migration 99887766aabbccdd in schema belt (since 2026-01-02)',
    fix: 'drop.leftover.records.source.99887766',
  },
  {
    situation: {
      source: {
        roles: [role('old_replication', { replication: true })],
        records: [{ ...OTHER, action: 'role.source.replication', object: 'role old_replication', before: null }],
      },
    },
    says: 'info leftover (source): role old_replication, which migration 99887766aabbccdd made',
    fix: 'drop.leftover.role.source.old_replication',
  },
  {
    situation: {
      spec: `${CUTOVER}cutover: { fence: read_only }\n`,
      source: {
        roles: [role('stubborn', { settings: [{ name: 'default_transaction_read_only', value: 'off' }] })],
      },
    },
    says: 'error fence-hole (source): role stubborn has a default_transaction_read_only of its own',
  },
  {
    situation: { spec: CUTOVER, source: { records: [OPENED] }, target: { records: [] } },
    says: 'info state-rebuilt: there is no state of this migration at state.path, so what it would say is taken from the tables belt.record and the catalogs of both databases: they are at stage cutover. What only the state knew is lost: results of belt verify',
    fix: 'belt state push or pull',
  },
  {
    situation: {
      spec: `${CUTOVER}state: { backend: postgres }\n`,
      source: { records: [OPENED] },
      target: { records: [] },
    },
    says: 'info state-rebuilt: there is no state of this migration in table belt.state of the target, so',
  },
  {
    situation: { spec: CUTOVER, source: { records: [OPENED] }, target: { records: [], beltStates: [NAMES.lineage] } },
    says: 'info state-rebuilt: there is no state of this migration at state.path',
    fix: 'There is one in table belt.state of the target: before you apply, belt state pull brings it here',
  },
  {
    situation: { spec: CUTOVER, ...STREAMS },
    says: 'error not-paired (source): table public.late is on the source and not on the target',
    fix: 'Go to replicating once more',
  },
  {
    situation: { spec: CUTOVER, source: STREAMS.source, target: { ...STREAMS.target, ...STREAMS.source } },
    says: 'error not-paired (source): table public.late is on the source without changes that reach the target',
  },
  {
    situation: {
      spec: MINIMAL.replace('stage: replicating', 'stage: rolled-back'),
      source: {
        ...STREAMS.target,
        subscriptions: [
          subscription(NAMES.reverse.subscription, [{ schema: 'public', name: 'orders', state: 'ready' }]),
        ],
      },
      target: STREAMS.source,
    },
    says: 'error not-paired (target): table public.late is on the target and not on the source',
    fix: 'scope.tables.exclude',
  },
  ...(
    [
      [[role('app', { login: false })], 'it has no LOGIN', 'alter role app login;'],
      [[], 'it does not exist there', 'roles.copy'],
      [[role('app', { password: 'none' })], 'it has no password', '\\password app'],
      [[role('app', { connectionLimit: 0 })], 'its connection limit is 0', 'connection limit -1;'],
      [
        [role('app', { validUntil: '2026-01-01T00:00:00Z' })],
        'its password is valid until 2026-01-01T00:00:00Z only',
        "valid until 'infinity';",
      ],
    ] as const
  ).map(([roles, why, fix]): Trouble => ({
    situation: { spec: CUTOVER, source: { ...connected('app'), roles: [role('app')] }, target: { roles } },
    says: `error role-login (target): role app logs in on the source and could not on the target once that serves: ${why}`,
    fix,
  })),
  {
    situation: { spec: CUTOVER, source: { ...connected('postgres') } },
    says: 'error fence-hole (source): 2 sessions are connected as postgres, a superuser',
  },
  {
    situation: {
      spec: CUTOVER,
      source: { subscriptions: [subscription('theirs'), subscription(NAMES.reverse.subscription)] },
    },
    says: 'error fence-hole (source): subscription theirs brings rows from elsewhere to the source',
    fix: 'Disable it before',
  },
  {
    situation: {
      spec: CUTOVER,
      source: { ...connected('boss'), roles: [role('boss', { superuser: true })] },
    },
    says: 'error fence-hole (source): 2 sessions are connected as boss, a superuser',
  },
  {
    situation: {
      spec: CUTOVER,
      source: writers({ workers: [{ type: 'pg_cron launcher', role: 'postgres', processes: 1 }] }),
    },
    says: 'error fence-hole (source): pg_cron launcher (1 process of user postgres) is connected to the source, and no fence is for it',
    fix: 'cron.database_name',
  },
  {
    situation: { spec: CUTOVER, source: writers({ cronJobs: [{ id: '7', role: 'app', schedule: '* * * * *' }] }) },
    says: 'warning cron-jobs (source): pg_cron runs 1 job in this database: 7 of app (* * * * *)',
    fix: 'schedule them on the target afterwards',
  },
  {
    situation: { spec: CUTOVER, source: writers({ cronJobs: 'unreadable' }) },
    says: 'warning cron-jobs (source): pg_cron is installed on the source, and postgres may not read its jobs',
  },
  {
    situation: { spec: CUTOVER, source: writers({ selfServers: [{ name: 'loop', wrapper: 'postgres_fdw' }] }) },
    says: 'warning foreign-writer (source): server loop (postgres_fdw) leads to a database of the same name',
    fix: 'alter server loop options',
  },
  {
    situation: {
      spec: CUTOVER,
      source: { roles: [role('postgres', { superuser: true }), role('dba', { superuser: true })] },
    },
    says: 'warning fence-superusers (source): no fence keeps superusers out: dba may log in to the source',
    fix: 'Stop their jobs',
  },
  {
    situation: {
      spec: CUTOVER,
      source: { tables: [table('orders'), table('late')] },
      sourceSettings: { max_locks_per_transaction: '1', max_connections: '3', max_prepared_transactions: '0' },
    },
    says: 'warning fence-locks (source): the lock table of the source has room for 1 of 2 tables to be kept locked inside the pause',
    fix: 'max_locks_per_transaction = 3;',
  },
  {
    situation: {
      spec: `${CUTOVER}cutover: { fence: revoke_login }\n`,
      source: { database: { ...emptyCatalog('source', 15).database, siblings: ['billing'] } },
    },
    says: 'warning fence-cluster-wide (source): taking LOGIN reaches every database of the server: billing',
    fix: 'revoke_connect',
  },
  {
    situation: {
      spec: CUTOVER,
      source: {
        ...connected('clerk'),
        roles: [
          role('clerk', {
            memberOf: [{ role: 'postgres', grantor: 'postgres', admin: false, inherit: true, set: true }],
          }),
        ],
      },
    },
    says: 'error fence-hole (source): 2 sessions are connected as clerk, a member of postgres, which is let through',
  },
  {
    situation: {
      spec: CUTOVER,
      source: {
        roles: [
          role('deputy', {
            memberOf: [{ role: 'postgres', grantor: 'postgres', admin: false, inherit: true, set: true }],
          }),
        ],
      },
    },
    says: 'error fence-hole (source): role deputy may log in and is a member of postgres, which is let through',
    fix: 'cutover.except_roles',
  },
  {
    situation: { spec: `${CUTOVER}cutover: { fence: revoke_login }\n`, sameCluster: true },
    says: 'error fence-one-cluster (source): both databases are in one cluster: taking LOGIN would keep applications out of the target too',
  },
  {
    situation: { spec: `${CUTOVER}cutover: { fence: revoke_login }\n`, source: { me: POOR } },
    says: 'error fence-privilege (source): poor "admin" may not alter roles on the source',
  },
  {
    situation: {
      spec: `${CUTOVER}keyless: { default: copy_at_cutover }\n`,
      source: { tables: [keyless('notes')] },
      target: { me: { ...POOR, memberOf: ['postgres'] } },
    },
    says: 'error trigger-privilege (target): poor "admin" may not set session_replication_role on the target',
    fix: 'grant set on parameter session_replication_role to "poor ""admin"""',
  },
  {
    situation: {
      spec: `${MINIMAL.replace('stage: replicating', 'stage: rolled-back')}reverse: { enabled: false }\n`,
      source: { records: [OPENED] },
      target: { records: [] },
    },
    says: 'error no-way-back: reverse: { enabled: false } leaves no way back',
  },
]
