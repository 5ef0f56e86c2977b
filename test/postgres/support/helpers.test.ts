import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase, sql, withClient } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { logStatements, parseStatements } from '../../support/statement-log.js'
import { startWriters } from '../../support/writers.js'

test('the statement log tells whole statements of one database, whatever their shape', async () => {
  const server = await sharedServer(15)
  const [watched, other] = [await freshDatabase(server, 'log "me" @ a'), await freshDatabase(server)]
  const statements = await logStatements(watched)
  await sql(other, 'select 1 as elsewhere')
  await withClient(watched, async (client) => {
    await client.query(`select 1\n  as "LOG:  statement: no"`)
    await client.query('select $1::int as extended', [2])
  })
  const found = await statements()
  expect(found.map((s) => s.statement)).toEqual([`select 1\n  as "LOG:  statement: no"`, 'select $1::int as extended'])
  expect(found[0]).toMatchObject({ user: 'postgres', applicationName: 'belt-test' })
})

test('a line of another kind is no statement', () => {
  const line = '2026-01-01 00:00:00.000 UTC [42] postgres@a belt LOG:  checkpoint starting: time\n'
  expect(parseStatements(line, 'a')).toEqual([])
})

test('writers write until they are stopped, and their errors reach the test', async () => {
  const database = await freshDatabase(await sharedServer(17))
  await sql(database, 'create table public.written (n int primary key)')
  const writers = startWriters(database, 'insert into public.written values ($1)', { sessions: 3 })
  onTestFinished(async () => {
    await writers.stop()
  })
  await writers.progress(20)
  const committed = await writers.stop()
  expect(await sql(database, 'select pg_catalog.count(*)::int as n from public.written')).toEqual([{ n: committed }])

  const failing = startWriters(database, 'insert into public.nowhere values ($1)')
  await expect(failing.progress(1)).rejects.toThrow('a writer of the test failed')
  await expect(failing.stop()).rejects.toThrow('a writer of the test failed')
})
