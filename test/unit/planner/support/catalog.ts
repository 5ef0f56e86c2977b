import type { Catalog } from '../../../../src/catalog/catalog.js'
import { objectKey } from '../../../../src/catalog/object-key.js'
import type { Column, Index, Table } from '../../../../src/catalog/relations.js'
import type { Me, Membership, Role } from '../../../../src/catalog/roles.js'
import type { SchemaObject } from '../../../../src/catalog/schema-script.js'
import type { ReplicationOrigin, Slot, Subscription } from '../../../../src/catalog/replication.js'
import { fingerprint } from '../../../../src/core/fingerprint.js'
import { quoteQualified } from '../../../../src/core/quote.js'
import type { Side } from '../../../../src/core/side.js'

/** Limits as initdb leaves them, but for wal_level. */
export const SETTINGS = {
  wal_level: 'logical',
  max_replication_slots: '10',
  max_wal_senders: '10',
  max_logical_replication_workers: '4',
  max_sync_workers_per_subscription: '2',
  max_worker_processes: '8',
  max_slot_wal_keep_size: '-1',
}

export const SUPERUSER: Me = {
  name: 'postgres',
  superuser: true,
  replication: true,
  createRole: true,
  bypassRls: true,
  memberOf: [],
  maySetRole: [],
  mayCreateInDatabase: true,
  mayCreateSubscription: true,
  maySilenceTriggers: true,
  mayReadOriginProgress: true,
  mayAdvanceOrigin: true,
  mayReadPasswords: true,
}

/** An admin without any right of its own. */
export const POOR: Me = {
  ...SUPERUSER,
  name: 'poor "admin"',
  superuser: false,
  replication: false,
  createRole: false,
  bypassRls: false,
  mayCreateInDatabase: false,
  mayCreateSubscription: false,
  maySilenceTriggers: false,
  mayReadOriginProgress: true,
  mayAdvanceOrigin: true,
  mayReadPasswords: false,
}

/** A database with nothing in it on a server of that major, ready for a migration. */
export function emptyCatalog(side: Side, major: number): Catalog {
  return {
    side,
    server: {
      versionNumber: major * 10_000 + 1,
      major,
      version: `${String(major)}.1`,
      systemIdentifier: side === 'source' ? '7001' : '7002',
      timeline: 1,
      inRecovery: false,
      settings: major >= 18 ? { ...SETTINGS, max_active_replication_origins: '10' } : SETTINGS,
      pooled: false,
      volatile: { walSlotRetainedBytes: 0, currentLsn: '0/1' },
    },
    database: {
      name: 'shop',
      oid: 16_384,
      owner: 'postgres',
      encoding: 'UTF8',
      collate: 'C.UTF-8',
      ctype: 'C.UTF-8',
      localeProvider: 'c',
      connectionLimit: -1,
      acl: null,
      settings: [],
      roleSettings: [],
      siblings: [],
      volatile: { bytes: 8_000_000 },
    },
    me: SUPERUSER,
    extensions: [],
    availableExtensions: [],
    roles: [role('postgres', { superuser: true, replication: true, bypassRls: true })],
    predefinedRoles: ['pg_monitor', 'pg_read_all_stats'],
    schemas: [{ name: 'public', owner: 'postgres', usage: ['', 'postgres'] }],
    tables: [],
    indexes: [],
    constraints: [],
    sequences: [],
    triggers: [],
    eventTriggers: [],
    publications: [],
    subscriptions: [],
    slots: [],
    origins: [],
    largeObjects: 0,
    records: undefined,
    beltTables: [],
    beltReaders: {},
    materializedViews: [],
    viewUses: [],
    script: { objects: [], tool: { kind: 'bundled', version: '18' } },
    activity: { openTransactions: [], preparedTransactions: [], sessionsByRole: [] },
  }
}

export function role(name: string, more: Partial<Role> = {}): Role {
  return {
    name,
    superuser: false,
    inherit: true,
    createRole: false,
    createDb: false,
    login: true,
    replication: false,
    bypassRls: false,
    connectionLimit: -1,
    password: 'scram',
    memberOf: [],
    settings: [],
    canConnect: true,
    ...more,
  }
}

export function member(of: string): Membership {
  return { role: of, grantor: 'postgres', admin: false }
}

export function column(name: string, type = 'integer', more: Partial<Column> = {}): Column {
  return { name, type, notNull: false, generated: undefined, identity: undefined, equality: true, ...more }
}

/** A table of schema public, keyed by its first column unless told otherwise. */
export function table(name: string, more: Partial<Table> = {}): Table {
  const columns = more.columns ?? [column('id', 'integer', { notNull: true })]
  return {
    schema: 'public',
    name,
    oid: 20_000,
    kind: 'table',
    persistence: 'permanent',
    owner: 'postgres',
    parents: [],
    isPartition: false,
    columns,
    replicaIdentity: 'default',
    identityColumns: columns.slice(0, 1).map((c) => c.name),
    identityIndex: `${name}_pkey`,
    readers: ['postgres'],
    rowSecurity: false,
    forceRowSecurity: false,
    accessMethod: 'heap',
    volatile: { rows: 0, bytes: 8192, heapBytes: 0, updates: 0, deletes: 0, writes: 0 },
    ...more,
  }
}

/** As table, without anything that identifies a row. */
export function keyless(name: string, more: Partial<Table> = {}): Table {
  const { identityIndex: _, ...rest } = table(name)
  return { ...rest, identityColumns: [], ...more }
}

export function index(name: string, of: string, more: Partial<Index> = {}): Index {
  return {
    schema: 'public',
    name,
    table: of,
    unique: false,
    primary: false,
    valid: true,
    ready: true,
    partitioned: false,
    replicaIdentity: false,
    volatile: { bytes: 8192 },
    ...more,
  }
}

export function slot(name: string, active = false): Slot {
  const volatile = { active, activePid: undefined, restartLsn: '0/1', confirmedFlushLsn: '0/1', retainedBytes: 0 }
  return { name, plugin: 'pgoutput', type: 'logical', database: 'other', temporary: false, volatile }
}

export function origin(name: string): ReplicationOrigin {
  return { name, volatile: { remoteLsn: undefined, localLsn: undefined } }
}

export function subscription(name: string, tables: Subscription['tables'] = []): Subscription {
  return {
    name,
    owner: 'postgres',
    enabled: true,
    slotName: name,
    publications: [name],
    tables,
    volatile: {
      workerPid: undefined,
      receivedLsn: undefined,
      latestEndLsn: undefined,
      applyErrors: undefined,
      syncErrors: undefined,
    },
  }
}

/** What pg_dump says of a table. */
export function tableObject(name: string, statement?: string, order = 1): SchemaObject {
  const relation = quoteQualified('public', name)
  const statements = [statement ?? `CREATE TABLE ${relation} (\n    id integer NOT NULL\n)`]
  return {
    key: objectKey('table', 'public', name),
    kind: 'table',
    schema: 'public',
    name,
    roles: [],
    statements,
    redacted: [],
    order,
    fingerprint: fingerprint({ statements }),
  }
}

/** Any other object; `more` says what its kind needs. */
export function schemaObject(kind: SchemaObject['kind'], name: string, more: Partial<SchemaObject> = {}): SchemaObject {
  const statements = more.statements ?? [`CREATE ${kind.toUpperCase()} ${name}`]
  return {
    key: objectKey(kind, 'public', name),
    kind,
    schema: 'public',
    name,
    roles: [],
    statements,
    redacted: [],
    order: 2,
    fingerprint: fingerprint({ statements }),
    ...more,
  }
}

export function script(...objects: readonly SchemaObject[]): Pick<Catalog, 'script'> {
  return { script: { objects, tool: { kind: 'bundled', version: '18' } } }
}
