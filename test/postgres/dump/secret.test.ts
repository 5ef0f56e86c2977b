import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { quoteIdent, quoteLiteral } from '../../../src/core/quote.js'
import { freshDatabase, sql, uniqueName, withClient } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { ownTemporaryFolder } from '../../support/temporary-folder.js'
import { input, settings, soon, TOOLS, tools } from './tools.js'

/** Command lines and environments of every process that this user may read. */
async function everyProcess(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const read = (pid: string, file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  return (await Promise.all(pids.flatMap((pid) => [read(pid, 'cmdline'), read(pid, 'environ')]))).join('\n')
}

test.each(TOOLS)('%s: a password is in no argument, environment, file or error', async (tool) => {
  const database = await freshDatabase(await sharedServer(15))
  const role = uniqueName('Secretive')
  const password = String.raw`se:cr\et'"%20 ünï`
  await sql(
    database,
    `create role ${quoteIdent(role)} login superuser password ${quoteLiteral(password)}; create table locked (a integer)`,
  )
  const login = { ...database, user: role, password }
  const application = uniqueName('belt/secret')
  const folder = await ownTemporaryFolder()
  await withClient(database, async (holder) => {
    await holder.query('begin')
    await holder.query('lock table locked in access exclusive mode')
    const dump = tools[tool](input(settings(login, { applicationName: application })), AbortSignal.timeout(240_000))
    await soon('the dump waits for the lock', async () => {
      const rows = await sql(
        database,
        `select 1 from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'`,
        [application],
      )
      return rows[0]
    })
    const processes = await everyProcess()
    expect(processes).not.toContain(password)
    // The check itself sees what a child is given.
    if (tool === 'native') expect(processes).toContain(`PGAPPNAME=${application}`)
    expect(await readdir(folder)).toEqual([])
    await holder.query('rollback')
    expect((await dump).text).toContain('CREATE TABLE public.locked')
  })
})

test('native: a password with a line break, which no password file can hold, works too', async () => {
  const database = await freshDatabase(await sharedServer(15))
  const role = uniqueName('lines')
  await sql(database, `create role ${quoteIdent(role)} login superuser password E'one\\ntwo'`)
  const login = { ...database, user: role, password: 'one\ntwo' }
  const { text } = await tools.native(input(settings(login)), AbortSignal.timeout(240_000))
  expect(text).toContain('PostgreSQL database dump complete')
})

test('native: a wrong password is an error that does not show it', async () => {
  const database = await freshDatabase(await sharedServer(15))
  const dump = tools.native(
    input(settings({ ...database, password: 'not-the-password' })),
    AbortSignal.timeout(240_000),
  )
  const error: unknown = await dump.catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'dump-failed', hint: expect.stringContaining('password') })
  expect(String(error)).not.toContain('not-the-password')
})
