import { describe, expect, test } from 'vitest'
import type { BeltError } from '../../../src/core/error.js'
import { RunLockedError, withRunLock } from '../../../src/postgres/advisory-lock.js'
import { applicationName } from '../../../src/postgres/application-name.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { runLockKey } from '../../../src/postgres/lock-key.js'
import { databaseOf, freshDatabase, sql } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { errorOf, noSignal, settingsFor } from './settings.js'

describe.each([12, 17] as const)('the run lock on %i', (major) => {
  test('lets one run in and tells the other who holds it', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const key = runLockKey('lineage-1')
    const mine = settingsFor(database, { applicationName: applicationName('shop', 'run1') })
    const theirs = settingsFor(database, { applicationName: applicationName('shop', 'run2') })
    const waited: unknown[] = []
    const error = await withRunLock(mine, key, noSignal(), (lock) =>
      errorOf(
        withRunLock(theirs, key, noSignal(), () => Promise.resolve(), {
          waitMs: 500,
          pollMs: 100,
          onWait: (holder) => waited.push(holder?.pid),
        }),
      ).then((refusal) => {
        expect((refusal as RunLockedError).holder?.pid).toBe(lock.pid)
        return refusal
      }),
    )
    expect(error).toBeInstanceOf(RunLockedError)
    const { code, message, holder, hint } = error as RunLockedError
    expect(hint).toContain(`on ${database.host}:${String(database.port)}: select pg_catalog.pg_terminate_backend(`)
    expect(code).toBe('locked')
    expect(message).toContain('belt/shop/run1')
    expect(holder?.clientAddress).toBe('127.0.0.1')
    expect(waited).toEqual([holder?.pid])
    // It is free again.
    await withRunLock(theirs, key, noSignal(), () => Promise.resolve(), { waitMs: 0 })
  })

  test('belongs to one lineage in one database', async () => {
    const server = await sharedServer(major)
    const [a, b] = [await freshDatabase(server), await freshDatabase(server)]
    await withRunLock(settingsFor(a), runLockKey('one'), noSignal(), async () => {
      await withRunLock(settingsFor(a), runLockKey('two'), noSignal(), () => Promise.resolve(), { waitMs: 0 })
      await withRunLock(settingsFor(b), runLockKey('one'), noSignal(), () => Promise.resolve(), { waitMs: 0 })
    })
  })

  test('is taken over as soon as the other run ends', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const key = runLockKey('handover')
    const order: string[] = []
    let second: Promise<unknown> = Promise.resolve()
    await withRunLock(settingsFor(database), key, noSignal(), async () => {
      await new Promise<void>((waits) => {
        second = withRunLock(
          settingsFor(database),
          key,
          noSignal(),
          () => Promise.resolve(order.push('second begins')),
          {
            waitMs: 60_000,
            pollMs: 50,
            onWait: () => waits(),
          },
        )
        second.catch(() => waits())
      })
      order.push('first ends')
    })
    await second
    expect(order).toEqual(['first ends', 'second begins'])
  })

  test('fires when its connection is lost, and the fence check says no from any database of the cluster', async () => {
    const server = await sharedServer(major)
    const database = await freshDatabase(server)
    await withConnection(settingsFor(databaseOf(server, 'postgres')), noSignal(), (elsewhere) =>
      withRunLock(settingsFor(database), runLockKey('fence'), noSignal(), async (lock) => {
        expect(await lock.stillHeld(elsewhere)).toBe(true)
        expect(lock.lost.aborted).toBe(false)
        const lost = new Promise((resolve) => {
          lock.lost.addEventListener('abort', resolve)
        })
        await sql(database, 'select pg_terminate_backend($1)', [lock.pid])
        await lost
        expect((lock.lost.reason as BeltError).code).toBe('lock-lost')
        // The server says goodbye a moment before it lets go of its locks.
        await expect.poll(() => lock.stillHeld(elsewhere)).toBe(false)
      }),
    )
  })

  test('holds no snapshot: CREATE INDEX CONCURRENTLY passes while one run holds it and another waits', async () => {
    const database = await freshDatabase(await sharedServer(major))
    await sql(database, 'create table t as select 1 as n')
    const key = runLockKey('cic')
    await withRunLock(settingsFor(database), key, noSignal(), async () => {
      const stop = new AbortController()
      const waiting = errorOf(
        withRunLock(settingsFor(database), key, stop.signal, () => Promise.resolve(), { waitMs: 60_000, pollMs: 20 }),
      )
      await sql(database, 'create index concurrently t_n on t (n)')
      stop.abort()
      expect(((await waiting) as BeltError).code).toBe('aborted')
    })
    expect(await sql(database, "select indisvalid from pg_index where indexrelid = 't_n'::regclass")).toEqual([
      { indisvalid: true },
    ])
  })
})
