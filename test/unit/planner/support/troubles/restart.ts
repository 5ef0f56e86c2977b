import type { BeltRecord, Catalog } from '../../../../../src/catalog/catalog.js'
import { MINIMAL } from '../../../spec/load-text.js'
import { emptyCatalog, keyless, table } from '../catalog.js'
import type { Situation } from '../planned.js'
import { NAMES, ORDERS, type Trouble } from './trouble.js'

/** A target that belt has closed and kept closed. */
export function closedTarget(more: Partial<Catalog> = {}): Partial<Catalog> {
  const { database } = emptyCatalog('target', 17)
  const acl = ['postgres', 'belt_replication'].map((grantee) => ({
    grantor: 'postgres',
    grantee,
    privilege: 'CONNECT' as const,
    grantable: false,
  }))
  return {
    database: { ...database, acl },
    beltTables: ['record', NAMES.markerTable],
    ...more,
    records: [record('fence.target'), ...(more.records ?? [])],
  }
}

const FENCED = {
  method: 'revoke_connect',
  acl: null,
  owner: 'postgres',
  logins: [],
  admitted: ['postgres'],
  readOnly: null,
}

export function record(action: string, lineage = NAMES.lineage): BeltRecord {
  return { lineage, action, object: action, before: FENCED, at: '2026-11-05' }
}

export const HELD = {
  pid: 4711,
  user: 'app',
  application: 'psql',
  state: 'idle in transaction',
  transactionSeconds: 61,
  schema: 'public',
  relation: 'orders',
  mode: 'AccessShareLock',
}

const OPEN: Situation = { restart: true, source: ORDERS }

export const RESTART_TROUBLES: readonly Trouble[] = [
  {
    situation: {
      spec: `${MINIMAL.replace('stage: replicating', 'stage: absent')}approve: [{ hazard: end-sessions, action: end-sessions.target, reason: r, until: 2999-12-31, digest: "00000000" }]\n`,
      source: { tables: [keyless('orders', { replicaIdentity: 'full' })] },
      target: closedTarget({
        tables: [keyless('orders', { replicaIdentity: 'full' })],
        records: [{ ...record('replica-identity.target.public.orders'), before: { identity: 'default' } }],
      }),
    },
    says: 'warning approval-lapsed: the approval of end-sessions was given to end-sessions.target as it was then (00000000)',
    fix: 'to approve it as it is now write digest: "',
  },
  {
    situation: {
      restart: true,
      spec: MINIMAL.replace('stage: replicating', 'stage: prepared'),
      target: closedTarget(),
    },
    says: 'error restart-stage: a restart leads to stage replicating, and the spec asks for prepared',
    fix: 'Set stage: replicating',
  },
  {
    situation: OPEN,
    says: 'error restart-refused (target): no record on the target says that belt has kept applications out',
  },
  {
    situation: {
      ...OPEN,
      target: { ...closedTarget(), database: emptyCatalog('target', 17).database },
    },
    says: 'error restart-refused (target): applications can connect to the target',
  },
  {
    situation: {
      ...OPEN,
      source: { ...ORDERS, records: [record('fence.source'), record('open.target')] },
      target: { records: [] },
    },
    says: 'error restart-refused (target): the target serves (stage cutover)',
    fix: 'Go to rolled-back first',
  },
  {
    situation: { ...OPEN, source: { ...ORDERS, records: [record('fence.source')] }, target: closedTarget() },
    says: 'error restart-refused (target): a handover is half-way',
  },
  {
    situation: {
      ...OPEN,
      target: closedTarget({
        tables: [table('orders'), table('mine')],
        constraints: [
          {
            schema: 'public',
            table: 'mine',
            name: 'mine_fkey',
            type: 'foreign key',
            validated: true,
            inherited: false,
            references: { schema: 'public', name: 'orders' },
          },
        ],
      }),
    },
    says: 'error restart-referenced (target): public.mine, which is out of scope, refers to public.orders',
  },
  {
    situation: {
      ...OPEN,
      target: closedTarget({
        tables: [table('orders')],
        activity: { openTransactions: [], preparedTransactions: [], sessionsByRole: [], heldLocks: [HELD] },
      }),
    },
    says: 'warning lock-holder (target): pid 4711 (app, psql, idle in transaction for 61 s) holds locks on public.orders that this plan waits for',
    fix: 'end-sessions.target',
  },
]
