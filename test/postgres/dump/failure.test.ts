import { expect, test } from 'vitest'
import { quoteIdent } from '../../../src/core/quote.js'
import { freshDatabase, sql, uniqueName, withClient, type TestDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { input, settings, soon, TOOLS, tools } from './tools.js'

/** A database with one table that another session has locked while `use` runs. */
async function withLockedTable(use: (database: TestDatabase, application: string) => Promise<void>): Promise<void> {
  const database = await freshDatabase(await sharedServer(17))
  await sql(database, 'create table locked (a integer)')
  await withClient(database, async (holder) => {
    await holder.query('begin')
    await holder.query('lock table locked in access exclusive mode')
    await use(database, uniqueName('belt/dump'))
  })
}

async function waitingPid(database: TestDatabase, application: string): Promise<number | undefined> {
  const rows = await sql<{ pid: number }>(
    database,
    `select pid from pg_catalog.pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'`,
    [application],
  )
  return rows[0]?.pid
}

test.each(TOOLS)('%s: says which right is missing and what to grant', async (tool) => {
  const database = await freshDatabase(await sharedServer(16))
  const role = uniqueName('reader')
  await sql(database, `create table hidden (a integer); create role ${quoteIdent(role)} login password 'some-password'`)
  const login = { ...database, user: role, password: 'some-password' }
  await expect(tools[tool](input(settings(login)), AbortSignal.timeout(240_000))).rejects.toMatchObject({
    code: 'dump-failed',
    message: expect.stringContaining('permission denied for table hidden'),
    hint: expect.stringContaining('pg_read_all_data'),
  })
})

test.each(TOOLS)('%s: does not wait for a locked table for ever', async (tool) => {
  await withLockedTable(async (database) => {
    await expect(
      tools[tool](input(settings(database), { lockWaitMs: 300 }), AbortSignal.timeout(240_000)),
    ).rejects.toMatchObject({ code: 'dump-failed', hint: expect.stringContaining('pg_blocking_pids') })
  })
})

test.each(TOOLS)('%s: an abort ends the dump here and on the server', async (tool) => {
  await withLockedTable(async (database, application) => {
    const stop = new AbortController()
    const dump = tools[tool](input(settings(database, { applicationName: application })), stop.signal)
    const outcome = expect(dump).rejects.toMatchObject({ code: 'aborted' })
    await soon('the dump waits for the lock', () => waitingPid(database, application))
    const asked = Date.now()
    stop.abort()
    await outcome
    // Not because the wait for the lock was over, which is a minute.
    expect(Date.now() - asked).toBeLessThan(45_000)
    await soon('the dump is gone from the server', async () => {
      const left = await sql(database, 'select 1 from pg_catalog.pg_stat_activity where application_name = $1', [
        application,
      ])
      return left.length === 0 ? true : undefined
    })
  })
})

test.each(TOOLS)('%s: a signal that has fired already starts nothing', async (tool) => {
  const database = await freshDatabase(await sharedServer(17))
  await expect(tools[tool](input(settings(database)), AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' })
})

test.each(TOOLS)('%s: a session that the server ends is an error, not a short dump', async (tool) => {
  await withLockedTable(async (database, application) => {
    const dump = tools[tool](input(settings(database, { applicationName: application })), AbortSignal.timeout(240_000))
    const outcome = expect(dump).rejects.toMatchObject({
      code: 'dump-failed',
      message: expect.stringContaining('terminating connection due to administrator command'),
      hint: expect.stringContaining('plan again'),
    })
    const pid = await soon('the dump waits for the lock', () => waitingPid(database, application))
    await sql(database, 'select pg_catalog.pg_terminate_backend($1)', [pid])
    await outcome
  })
})

test.each(TOOLS)('%s: bytes that are no UTF-8 are refused, not replaced', async (tool) => {
  const database = await freshDatabase(await sharedServer(17), 'ascii')
  const raw = { ...database, database: `${database.database}_1` }
  await sql(database, `create database ${quoteIdent(raw.database)} template template0 encoding 'SQL_ASCII' locale 'C'`)
  await sql(
    raw,
    `do $$ begin execute 'comment on schema public is ''' || convert_from('\\xe9'::bytea, 'SQL_ASCII') || ''''; end $$`,
  )
  await expect(tools[tool](input(settings(raw)), AbortSignal.timeout(240_000))).rejects.toMatchObject({
    code: 'dump-failed',
    hint: expect.stringContaining('SQL_ASCII'),
  })
})
