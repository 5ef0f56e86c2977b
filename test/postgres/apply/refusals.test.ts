import { describe, expect, test } from 'vitest'
import type { ApplyEvent } from '../../../src/apply/apply-event.js'
import { runLockKey } from '../../../src/postgres/lock-key.js'
import { withRunLock } from '../../../src/postgres/advisory-lock.js'
import { Secret } from '../../../src/core/secret.js'
import { localStateStore } from '../../../src/state/local-store.js'
import { sql, withClient } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { testMigration } from './migration.js'

const SCHEMA = `create table item (id bigint primary key, word text); insert into item values (1, 'a')`

describe('apply refuses', () => {
  test('a plan whose table has changed, naming it, and carries out one next to which a table has appeared', async () => {
    const databases = await pair(15, 17, 'stale')
    await sql(databases.source, SCHEMA)
    const migration = await testMigration(databases)
    const saved = await migration.plan()
    await sql(databases.source, 'alter table item add column more int')
    const refused = await migration.apply(saved)
    expect(refused.error).toMatchObject({ code: 'plan-stale' })
    expect(String(refused.error)).toContain('source table public.item has changed since the plan was made')
    expect(await sql(databases.target, `select from pg_namespace where nspname = 'belt'`)).toEqual([])
    await sql(databases.source, 'alter table item drop column more; create table unrelated (id int primary key)')
    const fresh = await migration.plan()
    await sql(databases.source, 'create table newcomer (id int primary key)')
    const carried = await migration.apply(fresh)
    expect(carried.error).toBeUndefined()
    expect(carried.result?.counts.remaining).toBe(0)
    // The newcomer is what a new plan would bring: told, and the stage not claimed.
    expect(carried.result?.stage).toBeUndefined()
    expect(carried.result?.left.actions.map((a) => a.title).join()).toContain('newcomer')
  })

  test('a plan for another database', async () => {
    const [one, other] = [await pair(15, 17, 'mine'), await pair(15, 17, 'other')]
    await sql(one.source, SCHEMA)
    const saved = await (await testMigration(one)).plan()
    const { error } = await (await testMigration(other)).apply(saved)
    expect(error).toMatchObject({ code: 'wrong-server' })
  })

  test('to run beside another run of the migration, and names it', async () => {
    const databases = await pair(15, 17, 'locked')
    await sql(databases.source, SCHEMA)
    const migration = await testMigration(databases)
    const saved = await migration.plan()
    const { host, port, user, password, database } = databases.target
    const settings = {
      host,
      port,
      user,
      database,
      tls: { mode: 'disable' },
      applicationName: 'belt/elsewhere/run1',
    } as const
    const login = { ...settings, password: () => Promise.resolve(new Secret(password)) }
    const signal = new AbortController().signal
    const { error, events } = await withRunLock(login, runLockKey(saved.plan.lineage), signal, () =>
      migration.apply(saved, { lockTimeoutMs: 500 }),
    )
    expect(error).toMatchObject({ code: 'locked' })
    expect(String(error)).toContain('belt/elsewhere/run1')
    expect(events.some((e) => e.type === 'lock-waiting')).toBe(true)
    expect(await localStateStore(migration.spec.state.path).read()).toBeUndefined()
  })
})

describe('apply stops', () => {
  test('when a lock is held too long, naming the holder, and goes on from there', async () => {
    const databases = await pair(15, 17, 'waits')
    // A keyless table: replica identity takes a brief ACCESS EXCLUSIVE lock on the live source.
    await sql(databases.source, `create table keyless (id int); insert into keyless values (1)`)
    const migration = await testMigration(databases)
    const saved = await migration.plan()
    const held = await withClient({ ...databases.source }, async (client) => {
      await client.query(`set application_name = 'the nightly report'`)
      const events: ApplyEvent[] = []
      const stopped = await withInspectionDone(
        events,
        async () => {
          await client.query('begin')
          await client.query('lock table keyless in row share mode')
        },
        (emit) => migration.apply(saved, { emit, patience: { lockMs: 4_000 } }),
      )
      await client.query('rollback')
      return stopped
    })
    expect(held.error).toMatchObject({ code: 'out-of-patience' })
    expect(String(held.error)).toContain('the nightly report')
    const waiting = held.events.find((e) => e.type === 'action-waiting')
    expect(waiting?.blockers[0]).toMatchObject({ application: 'the nightly report', user: databases.source.user })
    const again = await migration.apply(saved)
    expect(again.error).toBeUndefined()
    expect(again.result?.counts.skipped).toBeGreaterThan(0)
  })

  test('with the statement, its place and the server’s words when the server refuses it', async () => {
    const databases = await pair(15, 17, 'refuses')
    await sql(databases.source, SCHEMA)
    const migration = await testMigration(databases)
    const saved = await migration.plan()
    const actions = saved.plan.actions.map((a) =>
      a.kind === 'create-object' && a.id.startsWith('table')
        ? { ...a, sql: ['create table public.item (id nosuchtype)'] }
        : a,
    )
    const { error, events } = await migration.apply({ ...saved, plan: { ...saved.plan, actions } })
    expect(error).toMatchObject({ code: 'action-failed' })
    expect(String(error)).toContain('type "nosuchtype" does not exist')
    expect(String(error)).toContain('line 1, column 30')
    expect(events.find((e) => e.type === 'finished')).toMatchObject({ counts: { failed: 1 } })
    const state = await localStateStore(migration.spec.state.path).read()
    expect(Object.values(state?.actions ?? {}).filter((a) => a.status === 'failed')).toHaveLength(1)
  })

  test('after the running action when asked to, and the same plan goes on', async () => {
    const databases = await pair(13, 17, 'stops')
    await sql(databases.source, SCHEMA)
    const migration = await testMigration(databases)
    const saved = await migration.plan()
    const stop = new AbortController()
    const first = await migration.apply(saved, {
      stop: stop.signal,
      onBoundary: (point, action) => {
        if (point === 'after-intent' && action.kind === 'create-slot') stop.abort()
      },
    })
    expect(first.error).toMatchObject({ code: 'interrupted' })
    const finished = first.events.at(-1)
    expect(finished).toMatchObject({ type: 'finished', counts: { failed: 0 }, stage: undefined })
    expect(first.events.findLast((e) => e.type === 'action-done')).toMatchObject({ action: 'slot.source' })
    const second = await migration.apply(saved)
    expect(second.result?.stage).toBe('replicating')
  })
})

/** Runs `work` and calls `then` once apply has finished looking, so that its own look is not held up. */
async function withInspectionDone<R>(
  events: ApplyEvent[],
  then: () => Promise<void>,
  work: (emit: (event: ApplyEvent) => void) => Promise<R>,
): Promise<R> {
  let checked: () => void = () => undefined
  const ready = new Promise<void>((resolve) => (checked = resolve))
  const working = work((event) => {
    events.push(event)
    if (event.type === 'checked') checked()
  })
  await ready
  await then()
  return working
}
