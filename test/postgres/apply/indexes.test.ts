import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { testMigration } from './migration.js'

test('an index that an interrupted build left INVALID after the plan was made is dropped and built again', async () => {
  const databases = await pair(15, 17, 'invalid')
  await sql(
    databases.source,
    `create table item (id bigint primary key, word text); create index item_word_idx on item (word); insert into item select i, i from generate_series(1, 500) as i`,
  )
  const migration = await testMigration(databases)
  const saved = await migration.plan()
  const stop = new AbortController()
  await migration.apply(saved, {
    stop: stop.signal,
    onBoundary: (point, action) => {
      if (point === 'after-record' && action.kind === 'await-copy') stop.abort()
    },
  })
  await sql(databases.target, 'create index item_word_idx on item (word)')
  await sql(databases.target, `update pg_index set indisvalid = false where indexrelid = 'item_word_idx'::regclass`)
  const [before] = await sql<{ oid: number }>(databases.target, `select 'item_word_idx'::regclass::oid::int as oid`)
  const { error, events } = await migration.apply(saved)
  expect(error).toBeUndefined()
  const started = events.find((e) => e.type === 'action-started' && e.action.includes('item_word_idx'))
  expect(started).toMatchObject({ repairs: true })
  const [after] = await sql<{ oid: number; valid: boolean }>(
    databases.target,
    `select indexrelid::int as oid, indisvalid as valid from pg_index where indexrelid = 'item_word_idx'::regclass`,
  )
  expect(after?.valid).toBe(true)
  expect(after?.oid).not.toBe(before?.oid)
})
