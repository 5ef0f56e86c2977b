import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sql, uniqueName } from '../../support/databases.js'
import { ready } from './support/ready.js'
import { letsIn } from './support/shop.js'
import { accessOf } from './support/stand.js'

test('a rollback plan that is applied again when the source serves again opens nothing', async () => {
  const { source, target, shop, life } = await ready('again', {})
  await life.reach('cutover')
  await life.ask('rolled-back')
  await life.plan()
  await copyFile(path.join(life.cwd, 'plan.json'), path.join(life.cwd, 'rollback.json'))
  expect(await life.belt('apply', 'rollback.json')).toMatchObject({ code: 0 })
  await life.reach('replicating')
  await life.ask('rolled-back')
  const fence = `select before::text from belt.record where action = 'fence.target' and object = 'fence'`
  const recorded = await sql(target, fence)
  const again = await life.belt('apply', 'rollback.json')
  expect(again.code, again.stderr).not.toBe(0)
  expect(again.stderr).not.toContain('handover-given-up')
  expect(await letsIn(target, shop.app)).toBe(false)
  expect(await letsIn(source, shop.app)).toBe(true)
  expect(await sql(target, fence)).toEqual(recorded)
})

test('a give-up gives back what the fence found, even with the file of an older plan in hand', async () => {
  const { source, target, shop, life } = await ready('older', { max_pause: '60s' })
  await life.ask('cutover')
  await life.plan()
  await copyFile(path.join(life.cwd, 'plan.json'), path.join(life.cwd, 'older.json'))
  const newcomer = { name: uniqueName('newcomer'), password: uniqueName('pw') }
  await sql(
    source,
    `create role ${newcomer.name} login password '${newcomer.password}';
     grant connect on database ${source.database} to ${newcomer.name}`,
  )
  const before = await accessOf(source)
  await life.plan()
  const killed = await life.killedAt('after-sql:quiet.source', 'apply', 'plan.json')
  expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
  expect(await letsIn(source, newcomer)).toBe(false)
  const run = await life.belt('apply', 'older.json')
  expect(run, run.stderr).toMatchObject({ code: 4 })
  expect(await letsIn(source, newcomer)).toBe(true)
  expect(await letsIn(source, shop.app)).toBe(true)
  expect(await letsIn(target, shop.app)).toBe(false)
  expect(await accessOf(source)).toEqual(before)
})
