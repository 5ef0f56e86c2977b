import { describe, expect, test } from 'vitest'
import type { BeltError } from '../../../src/core/error.js'
import { withConnection } from '../../../src/postgres/connect.js'
import { inTransaction } from '../../../src/postgres/transaction.js'
import { freshDatabase, sql } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { errorOf, noSignal, settingsFor } from './settings.js'

describe.each([12, 18] as const)('a transaction on %i', (major) => {
  test('commits, or leaves nothing behind', async () => {
    const database = await freshDatabase(await sharedServer(major))
    await sql(database, 'create table t (n int)')
    await withConnection(settingsFor(database), noSignal(), async (session) => {
      await inTransaction(session, {}, () => session.exec('insert into public.t values (1)'))
      const error = await errorOf(
        inTransaction(session, {}, async () => {
          await session.exec('insert into public.t values (2)')
          throw new Error('changed my mind')
        }),
      )
      expect(error).toEqual(new Error('changed my mind'))
      expect(await session.query('select n from public.t')).toEqual([{ n: 1 }])
    })
  })

  test('has the isolation asked for', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const row = await withConnection(settingsFor(database), noSignal(), (session) =>
      inTransaction(session, { isolation: 'serializable', readOnly: true, deferrable: true }, () =>
        session.one(`select
          pg_catalog.current_setting('transaction_isolation') as isolation,
          pg_catalog.current_setting('transaction_read_only') as "readOnly",
          pg_catalog.current_setting('transaction_deferrable') as deferrable`),
      ),
    )
    expect(row).toEqual({ isolation: 'serializable', readOnly: 'on', deferrable: 'on' })
  })

  test('does not pass for committed when a swallowed error spoilt it', async () => {
    const database = await freshDatabase(await sharedServer(major))
    const error = await errorOf(
      withConnection(settingsFor(database), noSignal(), (session) =>
        inTransaction(session, {}, async () => {
          await errorOf(session.query('select 1 / 0'))
        }),
      ),
    )
    expect((error as BeltError).code).toBe('not-committed')
  })
})
