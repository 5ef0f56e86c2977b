import { expect, test } from 'vitest'
import { freshDatabase, sql, withClient } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { input, settings, TOOLS, tools } from './tools.js'

test.each(TOOLS)('%s: shows the snapshot that it is given and nothing later', async (tool) => {
  const database = await freshDatabase(await sharedServer(15))
  await sql(database, 'create table before_it (a integer)')
  const signal = AbortSignal.timeout(240_000)
  await withClient(database, async (holder) => {
    await holder.query('begin isolation level repeatable read')
    const { rows } = await holder.query<{ id: string }>('select pg_catalog.pg_export_snapshot() as id')
    await sql(database, 'create table after_it (a integer)')
    const seen = await tools[tool](input(settings(database), { snapshot: rows[0]?.id ?? '' }), signal)
    expect(seen.snapshotUsed).toBe(true)
    expect(seen.text).toContain('CREATE TABLE public.before_it')
    expect(seen.text).not.toContain('after_it')
  })
  const now = await tools[tool](input(settings(database)), signal)
  expect(now.snapshotUsed).toBe(false)
  expect(now.text).toContain('CREATE TABLE public.after_it')
})

test.each(TOOLS)('%s: a snapshot that has ended is an error', async (tool) => {
  const database = await freshDatabase(await sharedServer(15))
  await expect(
    tools[tool](input(settings(database), { snapshot: '00000003-0000001B-1' }), AbortSignal.timeout(240_000)),
  ).rejects.toMatchObject({ code: 'dump-failed', hint: expect.stringContaining('snapshot') })
})
