import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.js'
import { freshDatabase, sql, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { inspect, named } from './connected.js'
import { dropRich, HOSTILE, makeRich, richNames } from './rich-database.js'

describe.each([12, 13, 14, 15, 16, 17, 18] as const)('on a server of major %i', (major) => {
  const names = richNames()
  let db: TestDatabase
  let seen: Catalog

  beforeAll(async () => {
    db = await freshDatabase(await sharedServer(major), `rich "${'é'.repeat(4)}" db`)
    await makeRich(db, names)
    seen = await inspect(db)
  })
  afterAll(() => dropRich(db, names))

  test('the server and the database are described', async () => {
    expect(seen.server).toMatchObject({ major, inRecovery: false, pooled: false, timeline: 1 })
    expect(seen.server.systemIdentifier).toMatch(/^\d{18,20}$/)
    expect(seen.server.settings).toMatchObject({
      wal_level: 'logical',
      max_replication_slots: '40',
      server_encoding: 'UTF8',
      password_encryption: 'scram-sha-256',
      shared_preload_libraries: '',
    })
    expect('max_active_replication_origins' in seen.server.settings).toBe(major >= 18)
    expect('max_slot_wal_keep_size' in seen.server.settings).toBe(major >= 13)
    // What a new session gets here, not what belt has set for its own.
    expect(seen.server.settings['lock_timeout']).toBe('4000')
    expect(seen.server.volatile.currentLsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
    expect(seen.server.volatile.walSlotRetainedBytes).toBeGreaterThan(0)
    expect(seen.database).toMatchObject({
      name: db.database,
      owner: 'postgres',
      encoding: 'UTF8',
      collate: 'C.UTF-8',
      localeProvider: 'c',
      comment: 'what it is',
      connectionLimit: -1,
      settings: [
        { name: 'lock_timeout', value: '4s' },
        { name: 'default_transaction_isolation', value: 'repeatable read' },
      ],
      roleSettings: [{ role: names.group, settings: [{ name: 'search_path', value: 'app, "we ""q"""' }] }],
    })
    expect(seen.database.icuLocale).toBeUndefined()
    expect(seen.database.siblings).toContain('postgres')
    expect(seen.database.siblings).not.toContain('template0')
    expect(seen.database.volatile.bytes).toBeGreaterThan(1_000_000)
    expect(seen.database.acl).toEqual(
      [
        { grantor: 'postgres', grantee: '', privilege: 'CONNECT', grantable: false },
        { grantor: 'postgres', grantee: names.owner, privilege: 'CREATE', grantable: true },
        ...['CONNECT', 'CREATE', 'TEMPORARY'].map((privilege) => ({
          grantor: 'postgres',
          grantee: 'postgres',
          privilege,
          grantable: false,
        })),
      ].sort((a, b) => (a.grantee < b.grantee ? -1 : a.grantee > b.grantee ? 1 : a.privilege < b.privilege ? -1 : 1)),
    )
    const fresh = await inspect(await freshDatabase(db.server))
    expect(fresh.database).toMatchObject({ acl: null, settings: [], roleSettings: [] })
    expect(fresh).toMatchObject({ tables: [], indexes: [], records: undefined, beltTables: [], largeObjects: 0 })
  })

  test('roles come with attributes, memberships, settings and the kind of their password', () => {
    expect(named(seen.roles, names.owner)).toEqual({
      name: names.owner,
      superuser: false,
      inherit: true,
      createRole: false,
      createDb: true,
      login: true,
      replication: false,
      bypassRls: false,
      connectionLimit: 7,
      validUntil: '2031-02-03T04:05:06.250000Z',
      password: 'scram',
      memberOf: [names.group, 'pg_monitor'].map((role) => ({
        role,
        grantor: 'postgres',
        admin: role === names.group,
        ...(major >= 16 ? { inherit: true, set: true } : {}),
      })),
      settings: [
        { name: 'statement_timeout', value: '3s' },
        { name: 'application_name', value: 'a=b' },
      ],
      canConnect: true,
    })
    expect(named(seen.roles, names.group)).toMatchObject({ password: 'none', comment: 'a group', inherit: false })
    expect(named(seen.roles, names.clear)).toMatchObject({ password: 'md5' })
    expect(seen.roles.filter((role) => role.name.startsWith('pg_'))).toEqual([])
    expect(seen.me).toEqual({
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
    })
  })

  test('extensions and their members are told apart from the user’s own objects', () => {
    expect(seen.extensions.map((e) => [e.name, e.schema])).toEqual([
      ['hstore', 'app'],
      ['plpgsql', 'pg_catalog'],
    ])
    expect(seen.availableExtensions.map((e) => e.name)).toContain('pgcrypto')
    expect(seen.schemas).toEqual([
      {
        name: 'app',
        owner: names.owner,
        usage: ['', names.group, names.owner].sort(),
        create: seen.schemas[0]?.create,
      },
      {
        name: 'public',
        owner: major >= 15 ? 'pg_database_owner' : 'postgres',
        usage: seen.schemas[1]?.usage,
        create: seen.schemas[1]?.create,
      },
      { name: HOSTILE, owner: 'postgres', usage: ['postgres'], create: ['postgres'] },
    ])
    expect(seen.schemas[1]?.create?.includes('')).toBe(major < 15)
    expect(seen.schemas[1]?.usage).toContain('')
  })

  test('publications, subscriptions, slots and origins are listed', () => {
    expect(named(seen.publications, 'chosen')).toEqual({
      name: 'chosen',
      owner: 'postgres',
      allTables: false,
      operations: ['insert', 'update'],
      viaRoot: false,
      tables: [
        { schema: 'app', name: 'orders' },
        { schema: 'app', name: major >= 13 ? 'parts' : 'parts_1' },
      ],
      comment: 'of belt',
    })
    expect(named(seen.publications, 'nobody').tables).toEqual([])
    expect(named(seen.publications, 'belt_marker').tables).toEqual([{ schema: 'belt', name: 'marker_shop' }])
    if (major >= 15)
      expect(named(seen.publications, 'narrowed').tables[0]).toMatchObject({
        part: { filter: '(id > 3)', columns: ['customer', 'id'] },
      })
    expect(seen.subscriptions).toEqual([
      {
        name: 'quiet',
        owner: 'postgres',
        enabled: false,
        slotName: undefined,
        publications: ['Alpha', 'zeta'],
        connection: { host: 'nowhere.invalid', port: '6543', database: 'shop', user: 're pl' },
        ...(major >= 17 ? { failover: false } : {}),
        comment: 'sleeps',
        origin: expect.stringMatching(/^pg_\d+$/),
        tables: [],
        volatile: {
          workerPid: undefined,
          receivedLsn: undefined,
          latestEndLsn: undefined,
          applyErrors: major >= 15 ? 0 : undefined,
          syncErrors: major >= 15 ? 0 : undefined,
        },
      },
    ])
    const slot = named(seen.slots, names.slot)
    expect(slot).toMatchObject({ plugin: 'pgoutput', type: 'logical', database: db.database, temporary: false })
    expect(slot.walStatus).toBe(major >= 13 ? 'reserved' : undefined)
    expect(slot.volatile).toMatchObject({ active: false, activePid: undefined })
    expect(slot.volatile.retainedBytes).toBeGreaterThan(0)
    expect(seen.origins.map((o) => o.name)).toContain(names.origin)
  })

  test('belt’s own schema is read as records and counted among nothing else', () => {
    expect(seen.beltTables).toEqual(['marker_shop', 'record'])
    expect(seen.beltReaders).toEqual({ marker_shop: [], record: [] })
    expect(seen.records).toEqual([
      {
        lineage: 'l-1',
        action: 'role.app',
        object: 'role app',
        before: null,
        at: '2026-01-02T00:00:00.000000Z',
      },
      {
        lineage: 'l-2',
        action: 'fence.target',
        object: 'database acl',
        before: { acl: ['a', { n: 1 }] },
        at: '2026-01-02T01:04:05.678901Z',
      },
    ])
    expect(JSON.stringify([seen.tables, seen.indexes, seen.constraints, seen.schemas])).not.toContain('belt')
    expect(seen.largeObjects).toBe(3)
    expect(seen.materializedViews).toEqual([
      { schema: 'app', name: 'empty', populated: false },
      { schema: 'app', name: 'full', populated: true },
    ])
  })

  test('no password or verifier is part of a catalog', async () => {
    const text = JSON.stringify(seen)
    const [row] = await sql<{ rolpassword: string }>(db, 'select rolpassword from pg_authid where rolname = $1', [
      names.owner,
    ])
    expect(row?.rolpassword).toContain('SCRAM-SHA-256$')
    for (const secret of ['SCRAM-SHA-256', 'hidden in the dsn', 'poor-password']) expect(text).not.toContain(secret)
  })
})
