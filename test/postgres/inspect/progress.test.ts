import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { quoteConninfo, quoteLiteral } from '../../../src/core/quote.js'
import { readCopyProgress } from '../../../src/inspect/copy-progress.js'
import type { TableCopyProgress } from '../../../src/inspect/table-copy-progress.js'
import { readIndexProgress, type IndexProgress } from '../../../src/inspect/index-progress.js'
import { readLag } from '../../../src/inspect/lag.js'
import type { Session } from '../../../src/postgres/session.js'
import { sql, uniqueName, withClient } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { inspect, withSession } from './connected.js'

/** Asks until the answer is as wanted; the test's own timeout ends it otherwise. */
async function until<T>(read: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read()
    if (wanted(value)) return value
    await delay(20)
  }
}

test.each([
  [13, 12],
  [15, 17],
  [12, 18],
] as const)('from %i to %i a copy, its lag and an index build can be watched', async (from, to) => {
  const { source, target } = await pair(from, to)
  const slot = uniqueName('inspect_watch')
  const tables = `create table big (id int4 primary key, t text); create table "Small ""one""" (id int4 primary key)`
  await sql(
    source,
    `${tables}; create publication p for table big, "Small ""one""";
    insert into big select i, repeat('x', 400) from generate_series(1, 60000) as i;
    insert into "Small ""one""" values (1)`,
  )
  await sql(target, tables)
  await sql(source, 'select pg_create_logical_replication_slot($1, $2)', [slot, 'pgoutput'])
  onTestFinished(async () => {
    await sql(target, 'drop subscription s')
  })
  const { host, port, user, password, database } = source
  const dsn = Object.entries({ host, port: String(port), user, password, dbname: database })
    .map(([key, value]) => `${key}=${quoteConninfo(value)}`)
    .join(' ')
  await withClient(target, async (client) => {
    // Nothing arrives while this lock stands: the copy of `big` cannot end before it was seen.
    await client.query('begin')
    await client.query('lock table big in share mode')
    await sql(
      target,
      `create subscription s connection ${quoteLiteral(dsn)} publication p
      with (create_slot = false, slot_name = ${slot})`,
    )
    await withSession(target, async (session) => {
      const half = (all: readonly TableCopyProgress[]): boolean =>
        all.every((t) => t.state === (t.name === 'big' ? 'data' : 'ready'))
      const seen = await until(() => readCopyProgress(session, 's'), half)
      expect(seen.map((t) => [t.schema, t.name])).toEqual([
        ['public', 'Small "one"'],
        ['public', 'big'],
      ])
      await client.query('rollback')
      const big = await until(
        () => readCopyProgress(session, 's'),
        (all) => all[1]?.state === 'ready' || (all[1]?.rows ?? 0) > 0,
      )
      if (big[1]?.state !== 'ready') expect(big[1]?.bytes).toBeGreaterThan(0)
      if (to < 14) expect(big[1]).toMatchObject({ bytes: undefined, rows: undefined })
      const done = await until(
        () => readCopyProgress(session, 's'),
        (all) => all.every((t) => t.state === 'ready'),
      )
      expect(done[1]).toMatchObject({ workerPid: undefined, bytes: undefined, rows: undefined })
      await buildIsSeen(session, target)
    })
  })
  await withSession(source, async (session) => {
    expect(await readLag(session, 'no such slot')).toBeUndefined()
    const caughtUp = await until(
      () => readLag(session, slot),
      (lag) => lag?.bytes === 0,
    )
    expect(caughtUp).toMatchObject({ active: true, walStatus: from >= 13 ? 'reserved' : undefined })
    await sql(target, 'alter subscription s disable')
    await until(
      () => readLag(session, slot),
      (lag) => lag?.active === false,
    )
    // A walsender that ends may still have confirmed a later position than the one read above.
    const confirmed = (await readLag(session, slot))?.confirmedFlushLsn
    await sql(source, `update big set t = t || 'y'`)
    const lag = await readLag(session, slot)
    expect(lag?.bytes).toBeGreaterThan(1_000_000)
    expect(lag?.confirmedFlushLsn).toBe(confirmed)
    await sql(target, 'alter subscription s enable')
    await until(
      () => readLag(session, slot),
      (now) => now?.bytes === 0,
    )
  })
  const [subscription] = (await inspect(target)).subscriptions
  expect(subscription).toMatchObject({
    enabled: true,
    slotName: slot,
    connection: { host, port: String(port), database, user },
    tables: [
      { schema: 'public', name: 'Small "one"', state: 'ready' },
      { schema: 'public', name: 'big', state: 'ready' },
    ],
  })
  expect(subscription?.volatile.workerPid).toBeGreaterThan(0)
  expect(subscription?.volatile.latestEndLsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
  const origin = (await inspect(target)).origins.find((o) => o.volatile.remoteLsn !== undefined)
  expect(origin?.name).toMatch(/^pg_\d+/)
})

async function buildIsSeen(session: Session, target: Parameters<typeof withClient>[0]): Promise<void> {
  await withClient(target, async (holder) => {
    // CONCURRENTLY waits for a transaction that has used the table: the build cannot end before it was seen.
    await holder.query('begin')
    await holder.query('lock table big in row exclusive mode')
    const build = sql(target, 'create index concurrently big_t on big (t)')
    const waiting = (all: readonly IndexProgress[]): boolean => all.some((b) => b.lockersTotal > 0)
    const [seen] = await until(() => readIndexProgress(session), waiting)
    expect(seen).toMatchObject({ schema: 'public', table: 'big', index: 'big_t', command: 'CREATE INDEX CONCURRENTLY' })
    expect(seen?.phase).toMatch(/^waiting/)
    expect(seen?.currentLockerPid).toBeGreaterThan(0)
    await holder.query('commit')
    await build
    expect(await readIndexProgress(session)).toEqual([])
  })
}
