import { expect, test } from 'vitest'
import { sql, withClient } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { runChild, startChild } from './child.js'
import { testMigration } from './migration.js'

const SMALL = `
  create table item (id bigint primary key, word text);
  create index item_word_idx on item (word);
  insert into item select i, 'w' || i from generate_series(1, 100) as i`

test('killed at every action, one plan still gets there and makes nothing twice', async () => {
  const databases = await pair(13, 17, 'kill')
  await sql(databases.source, SMALL)
  const migration = await testMigration(databases)
  const saved = await migration.plan()
  expect(saved.plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  // Each run goes on where the one before it was killed, and is killed at the next action, each time at another moment.
  const points = ['after-intent', 'after-sql', 'before-intent', 'after-record']
  for (const [number, action] of saved.plan.actions.entries()) {
    const run = await runChild(migration, saved, `${points[number % points.length] ?? ''}:${action.id}`)
    expect(`${run.stderr}\n${String(run.signal)}`).toMatch(/SIGKILL$/)
  }
  const last = await migration.apply(saved)
  expect(last.error).toBeUndefined()
  expect(last.result?.stage).toBe('replicating')
  expect((await migration.plan()).plan.actions).toEqual([])
  expect(await sql(databases.target, 'select count(*)::int as n from item')).toEqual([{ n: 100 }])
  const slots = await sql(
    databases.source,
    `select slot_name from pg_replication_slots where database = current_database()`,
  )
  expect(slots).toHaveLength(1)
  expect(
    await sql(
      databases.target,
      `select subenabled from pg_subscription join pg_database d on d.oid = subdbid where d.datname = current_database()`,
    ),
  ).toEqual([{ subenabled: true }])
})

test('killed while apply stands still for the verification, the next run lets it go on', async () => {
  const databases = await pair(15, 17, 'paused')
  await sql(databases.source, SMALL)
  const migration = await testMigration(databases)
  const saved = await migration.plan()
  const first = await startChild(migration, saved, 'before-intent:verify.rows')
  expect((await first.done).signal).toBe('SIGKILL')
  const subscription = saved.plan.actions.find((a) => a.kind === 'create-subscription')?.subscription ?? ''
  const disabled = async (): Promise<boolean> =>
    (await sql(databases.target, 'select 1 from pg_subscription where not subenabled and subname = $1', [subscription]))
      .length > 0
  await withClient(databases.target, async (blocker) => {
    // Keeps the apply worker inside a change, so that it does not end yet: the moment lasts.
    await blocker.query('begin; lock table item in share mode')
    await sql(databases.source, `insert into item values (1000, 'x')`)
    const child = await startChild(migration, saved)
    const seen = await expect
      .poll(disabled)
      .toBe(true)
      .then(
        () => true,
        () => false,
      )
    child.kill()
    const killed = await child.done
    expect(`${killed.stderr} ${String(seen)}`).toMatch(/ true$/)
    await blocker.query('rollback')
  })
  expect(await disabled()).toBe(true)
  const last = await migration.apply(saved)
  expect(last.error).toBeUndefined()
  expect(await disabled()).toBe(false)
  expect(
    last.events
      .filter((e) => e.type === 'notice')
      .map((e) => e.message)
      .join(),
  ).toContain('it goes on')
})
