import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { databaseOf, freshDatabase, sql } from '../../support/databases.js'
import { debianTree, pgDumpFor, withPglogical } from '../../support/debian.js'
import { ownServer, pair, sharedServer } from '../../support/servers.js'

describe('the servers that tests run on', () => {
  test('a pair has two fresh databases on servers of the majors asked for', async () => {
    const { source, target } = await pair(13, 17, 'Hostile "näme"; --')
    const version = `select current_setting('server_version_num')::int / 10000 as major, pg_catalog.current_database() as name`
    expect(await sql(source, version)).toEqual([{ major: 13, name: source.database }])
    expect(await sql(target, version)).toEqual([{ major: 17, name: target.database }])
    expect(source.database.startsWith('Hostile "näme"; --_')).toBe(true)
  })

  test('one server of a major serves the whole run', async () => {
    const [a, b] = await Promise.all([sharedServer(17), sharedServer(17)])
    expect(a.port).toBe(b.port)
    expect(await freshDatabase(a)).not.toEqual(await freshDatabase(a))
  })

  test("Debian's programs dump a server of the same major and load pglogical", async () => {
    const server = await ownServer(await withPglogical(15))
    onTestFinished(() => server.stop())
    expect(server.bin).toBe(await debianTree(15))
    const database = await freshDatabase(server)
    await sql(database, 'create extension pglogical; create table public.kept (id int primary key)')
    const { stdout } = await promisify(execFile)(
      await pgDumpFor(15),
      ['--schema-only', '-h', server.host, '-p', String(server.port), '-U', server.user, database.database],
      { env: { PGPASSWORD: server.password } },
    )
    expect(stdout).toContain('CREATE TABLE public.kept')
    const used = await sql(databaseOf(server, 'postgres'), 'show shared_preload_libraries')
    expect(used).toEqual([{ shared_preload_libraries: 'pglogical' }])
  })
})
