import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApplyEvent } from '../../../src/apply/apply-event.js'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { freshDatabase, sql, withClient, type TestDatabase } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { testMigration, type TestMigration } from './migration.js'

// Servers of its own: a write transaction left open holds up the slots of everybody on a shared one.
let servers: readonly EmbeddedServer[] = []

beforeAll(async () => {
  const settings = { wal_level: 'logical' }
  servers = await Promise.all(([13, 17] as const).map((major) => ownServer({ major, settings })))
})

afterAll(async () => {
  await Promise.all(servers.map((s) => s.stop()))
})

async function fresh(): Promise<{ source: TestDatabase; target: TestDatabase; migration: TestMigration }> {
  const [old, young] = servers
  if (old === undefined || young === undefined) throw new Error('servers have not started')
  const source = await freshDatabase(old, 'waits')
  const target = await freshDatabase(young, 'waits')
  await sql(source, `create table item (id bigint primary key); insert into item select generate_series(1, 1000)`)
  return { source, target, migration: await testMigration({ source, target }) }
}

function waited(events: readonly ApplyEvent[], action: string): readonly string[] {
  return events.flatMap((e) =>
    e.type === 'action-waiting' && e.action === action ? [...e.reasons, ...e.blockers.map((b) => b.text)] : [],
  )
}

test('making the slot names the write transactions of other databases that it waits for', async () => {
  const { source, migration } = await fresh()
  const elsewhere = await freshDatabase(source.server, 'elsewhere')
  const saved = await migration.plan()
  await sql(elsewhere, 'create table t (id int)')
  const { error, events } = await withClient(elsewhere, async (client) => {
    await client.query(`set application_name = 'a long import'`)
    await client.query('begin; insert into t values (1)')
    const applying = await migration.apply(saved, {
      emit: (event) => {
        // Once belt has said whom it waits for, the import ends.
        if (event.type === 'action-waiting') void client.query('commit')
      },
    })
    return applying
  })
  expect(error).toBeUndefined()
  expect(waited(events, 'slot.source').join()).toMatch(
    /a long import \(process \d+, write transaction open for \d+ s, user \w+, database elsewhere_/,
  )
})

test('a copy that cannot begin stops with the reason, and the same plan mends it', async () => {
  const { source, migration } = await fresh()
  const saved = await migration.plan()
  const { name } = migration.spec.roles.replication
  let revoked = false
  const first = await migration.apply(saved, {
    patience: { standstillMs: 8_000 },
    onBoundary: async (point, action) => {
      if (point !== 'before-intent' || action.kind !== 'create-subscription') return
      revoked = true
      await sql(source, `revoke select on item from ${name}`)
    },
  })
  expect(revoked).toBe(true)
  expect(first.error).toMatchObject({ code: 'standstill' })
  expect(String(first.error)).toContain('not ready: public.item')
  expect(String(first.error)).toMatch(/copying a table has failed \d+ times/)
  expect(waited(first.events, 'copy.target').join()).toMatch(/copying a table has failed \d+ times/)
  // The same plan grants it again.
  const second = await migration.apply(saved)
  expect(second.error).toBeUndefined()
  expect(second.result?.stage).toBe('replicating')
})

test('a copy worker that waits for a lock on the target names its holder', async () => {
  const { target, migration } = await fresh()
  const saved = await migration.plan()
  const { error, events } = await withClient(target, async (client) => {
    await client.query(`set application_name = 'somebody at the target'`)
    const applying = await migration.apply(saved, {
      onBoundary: async (point, action) => {
        if (point === 'before-intent' && action.kind === 'create-subscription')
          await client.query('begin; lock table item in share mode')
      },
      emit: (event) => {
        if (event.type === 'action-waiting' && event.blockers.length > 0) void client.query('rollback')
      },
    })
    return applying
  })
  expect(error).toBeUndefined()
  expect(waited(events, 'copy.target').join()).toContain('somebody at the target')
})

test('a run whose lock is lost changes nothing more', async () => {
  const { target, migration } = await fresh()
  const saved = await migration.plan()
  const { error, events } = await migration.apply(saved, {
    onBoundary: async (point, action) => {
      if (point !== 'after-intent' || action.kind !== 'fence-target') return
      const held = `from pg_locks l where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())`
      await sql(target, `select pg_terminate_backend(l.pid) ${held}`)
      await expect.poll(() => sql(target, `select l.pid ${held}`)).toEqual([])
    },
  })
  expect(error).toMatchObject({ code: 'lock-lost' })
  expect(events.filter((e) => e.type === 'action-done').map((e) => e.action)).not.toContain('fence.target')
  const again = await migration.apply(saved)
  expect(again.error).toBeUndefined()
})
