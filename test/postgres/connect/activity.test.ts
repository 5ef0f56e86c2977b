import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EmbeddedServer } from '../../../src/embedded/server.js'
import { applicationName } from '../../../src/postgres/application-name.js'
import { blockersOf, describeBlocker } from '../../../src/postgres/blockers.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { openWriters } from '../../../src/postgres/open-writers.js'
import { endOrphan, findOrphans, waitForOrphans } from '../../../src/postgres/orphans.js'
import { inTransaction } from '../../../src/postgres/transaction.js'
import { databaseOf, freshDatabase, sql, withClient } from '../../support/databases.js'
import { ownServer } from '../../support/servers.js'
import { errorOf, noSignal, settingsFor } from './settings.js'

/** Asks again until `probe` gives something. */
async function eventually<T>(probe: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const found = await probe()
    if (found !== undefined) return found
    await delay(50)
  }
  throw new Error('waited a minute in vain')
}

describe.each([12, 18] as const)('what goes on at a server of %i', (major) => {
  let server: EmbeddedServer
  beforeAll(async () => {
    server = await ownServer({ major, settings: { max_prepared_transactions: '5' } })
  })
  afterAll(() => server.stop())

  test('the chain of blockers is named, nearest first, without secrets', async () => {
    const database = await freshDatabase(server)
    await sql(database, 'create table t (n int); create table u (n int)')
    await withConnection(settingsFor(database), noSignal(), (observer) =>
      withClient(database, (holder) =>
        withClient(database, (middle) =>
          withClient(database, async (last) => {
            await holder.query('begin; lock table t in access exclusive mode')
            const pidOf = async (client: typeof last): Promise<number> =>
              (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0
            const [holderPid, middlePid, lastPid] = [await pidOf(holder), await pidOf(middle), await pidOf(last)]
            await holder.query(
              "select 'password=pl4nted-S3cret' as a, 'a long statement to be cut after eighty characters'",
            )
            await middle.query('begin; lock table u in access exclusive mode')
            const waiting = [
              middle.query('lock table t in share mode'),
              last.query('begin; lock table u in share mode'),
            ]
            const chain = await eventually(async () => {
              const found = await blockersOf(observer, lastPid)
              return found.length === 2 ? found : undefined
            })
            expect(chain.map(({ pid, blocks, depth }) => ({ pid, blocks, depth }))).toEqual([
              { pid: middlePid, blocks: lastPid, depth: 1 },
              { pid: holderPid, blocks: middlePid, depth: 2 },
            ])
            expect(chain[0]?.waitEvent).toBe('Lock/relation')
            const blocker = chain.find((one) => one.pid === holderPid)
            expect(blocker?.state).toBe('idle in transaction')
            expect(blocker?.user).toBe(database.user)
            expect(blocker?.transactionAgeMs).toBeGreaterThan(0)
            expect(blocker?.query).not.toContain('pl4nted')
            expect([...(blocker?.query ?? '')].length).toBe(80)
            expect(blocker && describeBlocker(blocker)).toMatch(
              /^belt-test \(process \d+, idle in transaction for \d+ s, user /,
            )
            await holder.query('rollback')
            await waiting[0]
            await middle.query('rollback')
            await waiting[1]
          }),
        ),
      ),
    )
  })

  test('write transactions of every database are found, prepared ones too, and readers are not', async () => {
    const [a, b] = [await freshDatabase(server), await freshDatabase(server)]
    await sql(b, 'create table t (n int)')
    await sql(b, "create role plain login password 'plain-pass-word'")
    await withConnection(settingsFor(a), noSignal(), (observer) =>
      withClient(b, (writer) =>
        withClient(b, async (reader) => {
          expect(await openWriters(observer)).toEqual([])
          await reader.query('begin; select 1')
          await writer.query('begin; insert into t values (1)')
          await sql(b, "begin; insert into t values (2); prepare transaction 'left behind'")
          const found = await openWriters(observer)
          expect(found.map(({ preparedAs, database, state }) => [preparedAs, database, state]).sort()).toEqual(
            [
              [null, b.database, 'idle in transaction'],
              ['left behind', b.database, 'prepared'],
            ].sort(),
          )
          expect(found.every((one) => (one.ageMs ?? -1) >= 0)).toBe(true)
          // A user without pg_read_all_stats still sees that somebody writes.
          const poor = settingsFor({ ...a, user: 'plain', password: 'plain-pass-word' })
          const seen = await withConnection(poor, noSignal(), (session) => openWriters(session))
          expect(seen.length).toBe(2)
          await writer.query('rollback')
          await sql(b, "rollback prepared 'left behind'")
        }),
      ),
    )
  })

  test('a statement of a killed run is found, followed and ended; other migrations and this run are left alone', async () => {
    const database = await freshDatabase(server)
    await sql(database, 'create table big as select n from generate_series(1, 1000) n')
    const own = applicationName('shop', 'run2')
    const settings = (name: string) => settingsFor(database, { applicationName: name })
    await withConnection(settings(own), noSignal(), (session) =>
      withClient(database, (blocker) =>
        withConnection(settings(applicationName('shopping', 'run1')), noSignal(), async () => {
          // An open snapshot keeps CREATE INDEX CONCURRENTLY waiting.
          await blocker.query('begin isolation level repeatable read; select from big limit 1')
          const killed = errorOf(
            withConnection(settings(applicationName('shop', 'run1')), noSignal(), (old) =>
              old.exec('create index concurrently big_n on public.big (n)'),
            ),
          )
          const orphan = await eventually(async () => {
            const found = await findOrphans(session, 'shop', own)
            return found.find((one) => one.indexBuild !== null && one.indexBuild.phase.startsWith('waiting'))
          })
          expect(orphan.applicationName).toBe('belt/shop/run1')
          expect(orphan.statement).toBe('create index concurrently big_n on public.big (n)')
          expect(orphan.indexBuild).toMatchObject({ table: 'public.big', command: 'CREATE INDEX CONCURRENTLY' })
          expect(await findOrphans(session, 'shop', own)).toHaveLength(1)

          expect(await endOrphan(session, { pid: orphan.pid, startedAt: '2020-01-01 00:00:00+00' }, 'cancel')).toBe(
            false,
          )
          const seen: number[] = []
          const gone = waitForOrphans(session, 'shop', own, noSignal(), {
            pollMs: 50,
            onProgress: (orphans) => seen.push(orphans.length),
          })
          await delay(200)
          await withConnection(settingsFor(databaseOf(database.server, 'postgres')), noSignal(), async (other) => {
            expect(await endOrphan(other, orphan, 'terminate')).toBe(true)
          })
          await gone
          await killed
          expect(seen.length).toBeGreaterThan(0)
          await blocker.query('rollback')
        }),
      ),
    )
  })

  test('a transaction of ours is not counted among the writers it asks about', async () => {
    const database = await freshDatabase(server)
    await sql(database, 'create table t (n int)')
    await withConnection(settingsFor(database), noSignal(), (session) =>
      inTransaction(session, {}, async () => {
        await session.exec('insert into public.t values (1)')
        expect(await openWriters(session)).toEqual([])
      }),
    )
  })
})
