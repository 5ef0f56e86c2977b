import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { SchemaScript } from '../../../src/catalog/schema-script.js'
import { quoteLiteral } from '../../../src/core/quote.js'
import { inspectDatabase } from '../../../src/inspect/inspect.js'
import { freshDatabase, sql, withClient } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { withSession } from './connected.js'

const SCRIPT: SchemaScript = { objects: [], tool: { kind: 'native', version: '17.1' } }

test.each([12, 18] as const)('on %i the script reads the very snapshot of the catalog', async (major) => {
  const db = await freshDatabase(await sharedServer(major))
  await sql(db, 'create table before (id int4)')
  const { signal } = new AbortController()
  let inScript: readonly unknown[] = []
  const catalog = await withSession(db, (session) =>
    inspectDatabase(
      session,
      { side: 'target' },
      async (snapshot) => {
        await sql(db, 'create table after (id int4)')
        await withClient(db, async (client) => {
          await client.query('begin isolation level repeatable read')
          await client.query(`set transaction snapshot ${quoteLiteral(snapshot)}`)
          const answer = await client.query(`select relname from pg_class where relname in ('before', 'after')`)
          inScript = answer.rows
        })
        return SCRIPT
      },
      signal,
    ),
  )
  expect(inScript).toEqual([{ relname: 'before' }])
  expect(catalog.tables.map((t) => t.name)).toEqual(['before'])
  expect(catalog).toMatchObject({ side: 'target', script: SCRIPT })
})

test('a script that fails ends the inspection with its own error, and the session can go on', async () => {
  const db = await freshDatabase(await sharedServer(15))
  const { signal } = new AbortController()
  await withSession(db, async (session) => {
    const failure = new Error('pg_dump is no more')
    const inspection = inspectDatabase(session, { side: 'source' }, () => Promise.reject(failure), signal)
    await expect(inspection).rejects.toBe(failure)
    expect(await session.query('select pg_catalog.now() = pg_catalog.statement_timestamp() as alone')).toEqual([
      { alone: true },
    ])
  })
})

test('an inspection that is stopped tells the script and waits for its end', async () => {
  const db = await freshDatabase(await sharedServer(15))
  const stop = new AbortController()
  let ended = false
  await withSession(db, async (session) => {
    const inspection = inspectDatabase(
      session,
      { side: 'source' },
      async (_, signal) => {
        setTimeout(() => stop.abort(new Error('enough')), 50)
        await delay(60_000, undefined, { signal }).catch(() => undefined)
        await delay(100)
        ended = true
        throw new Error('killed')
      },
      stop.signal,
    )
    await expect(inspection).rejects.toThrow('enough')
    expect(ended).toBe(true)
  })
})
