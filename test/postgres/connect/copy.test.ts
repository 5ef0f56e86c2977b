import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { withConnection } from '../../../src/postgres/connect.js'
import { SqlError } from '../../../src/postgres/server-error.js'
import { freshDatabase, sql } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { errorOf, noSignal, settingsFor } from './settings.js'

describe.each([12, 18] as const)('COPY on %i', (major) => {
  test('moves rows from one session to another', async () => {
    const database = await freshDatabase(await sharedServer(major))
    await sql(database, 'create table a as select n, repeat(n::text, 20) as t from generate_series(1, 20000) n')
    await sql(database, 'create table b (like a)')
    await withConnection(settingsFor(database), noSignal(), (from) =>
      withConnection(settingsFor(database), noSignal(), async (to) => {
        await from.copyOut('copy public.a to stdout (format binary)', (rows) =>
          to.copyIn('copy public.b from stdin (format binary)', (into) => pipeline(rows, into)),
        )
        // Both sessions go on working.
        expect(await to.one('select count(*)::int4 as n from public.b')).toEqual({ n: 20000 })
        expect(await from.one('select 1 as n')).toEqual({ n: 1 })
      }),
    )
    expect(await sql(database, 'select from a except all select from b')).toEqual([])
  })

  test('reports what the server refuses, with its words, and goes on', async () => {
    const database = await freshDatabase(await sharedServer(major))
    await sql(database, 'create table c (n int)')
    await withConnection(settingsFor(database), noSignal(), async (session) => {
      const bad = await errorOf(
        session.copyIn('copy public.c from stdin', (into) => pipeline(Readable.from(['1\n', 'two\n']), into)),
      )
      expect(bad).toBeInstanceOf(SqlError)
      expect((bad as SqlError).sqlState).toBe('22P02')
      expect((bad as SqlError).failure.context).toContain('COPY c, line 2')
      const missing = await errorOf(session.copyOut('copy public.nothing to stdout', (rows) => rows.toArray()))
      expect((missing as SqlError).sqlState).toBe('42P01')
      const given = await errorOf(
        session.copyIn('copy public.c from stdin', (into) => {
          into.write('3\n')
          throw new Error('the reader broke')
        }),
      )
      expect(given).toEqual(new Error('the reader broke'))
      const broken = new Error('the source broke')
      const source = async function* (): AsyncGenerator<string> {
        yield '4\n'
        await Promise.reject(broken)
      }
      expect(await errorOf(session.copyIn('copy public.c from stdin', (into) => pipeline(source, into)))).toBe(broken)
      expect(await session.query('select n from public.c')).toEqual([])
    })
  })

  test('can be left early without harm to the session', async () => {
    const database = await freshDatabase(await sharedServer(major))
    await withConnection(settingsFor(database), noSignal(), async (session) => {
      const endless = 'copy (select pg_catalog.generate_series(1, 1000000000)) to stdout'
      const full = new Error('the disk is full')
      const left = await errorOf(
        session.copyOut(endless, async (rows) => {
          await once(rows, 'readable')
          throw full
        }),
      )
      expect(left).toBe(full)
      const { pid } = await session.one<{ pid: number }>('select pg_catalog.pg_backend_pid()::int4 as pid')
      expect(pid).toBe(session.pid)
    })
  })
})
