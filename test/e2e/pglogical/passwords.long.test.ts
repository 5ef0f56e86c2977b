import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { quoteIdent, quoteLiteral } from '../../../src/core/quote.js'
import { sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { withPglogical } from '../../support/debian.js'
import type { BeltRun } from '../../support/run-belt.js'
import { alarm, mended, same, SHOP } from '../down/support/down.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

const APPROVE = ['role-password#role-password.source', 'role-password#role-password.target']

/** One migration and every password that anybody has given it. */
interface Watched extends Migration {
  readonly passwords: string[]
}

function watched(life: Migration): Watched {
  const passwords = [life.replicationPassword, life.source.password, life.target.password]
  return {
    ...life,
    passwords,
    give: (password) => {
      passwords.push(password)
      life.give(password)
    },
  }
}

/** As `belt plan --out` then `belt apply` go, with all that they say. */
async function repaired(life: Watched): Promise<readonly string[]> {
  const planned = await life.belt('plan', '--out', 'plan.json')
  expect(planned, planned.stdout + planned.stderr).toMatchObject({ code: 0 })
  const text = await readFile(path.join(life.cwd, 'plan.json'), 'utf8')
  const { actions } = JSON.parse(text) as { readonly actions: readonly { readonly id: string }[] }
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stdout + applied.stderr).toMatchObject({ code: 0 })
  const again = await life.belt('plan', '--detailed-exitcode')
  expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 })
  return actions.map((a) => a.id)
}

/** Nothing that belt has written anywhere, or said, holds a password. */
async function expectNoLeak({ cwd, said, passwords }: Watched): Promise<void> {
  const files = (await readdir(cwd, { recursive: true, withFileTypes: true })).filter((f) => f.isFile())
  const texts = await Promise.all(files.map((f) => readFile(path.join(f.parentPath, f.name), 'utf8')))
  expect(files.length).toBeGreaterThan(2)
  for (const password of passwords) {
    expect([...texts, ...said].filter((text) => text.includes(password)).map((text) => text.slice(0, 300))).toEqual([])
  }
}

function unwrapped({ stdout }: BeltRun): string {
  return stdout.replaceAll(/\s+/g, ' ')
}

/** As a network does it: the stream has to log in again. */
async function cutOff(publisher: TestDatabase): Promise<void> {
  await sql(
    publisher,
    `select pg_terminate_backend(pid) from pg_stat_replication where pid in (select active_pid from pg_replication_slots)`,
  )
}

/** A second operator's belt, or pgbelt, or somebody with psql. */
async function setsPassword(side: TestDatabase, life: Watched, password: string): Promise<void> {
  life.passwords.push(password)
  await sql(side, `alter role ${quoteIdent(life.replicationRole)} password ${quoteLiteral(password)}`)
}

/** What an interface of pglogical holds becomes wrong. */
async function spoils(subscriber: TestDatabase, life: Watched, which: 'origin' | 'target'): Promise<void> {
  const wrong = uniqueName('wrong')
  life.passwords.push(wrong)
  await sql(
    subscriber,
    `update pglogical.node_interface set if_dsn = regexp_replace(if_dsn, 'password=.*$', 'password=${wrong}')
     where if_id = (select sub_${which}_if from pglogical.subscription)`,
  )
}

test.each([
  [13, 15],
  [15, 17],
] as const)('passwords that do not agree, from %i to %i', async (from, to) => {
  const pair = await ownPair('passwords', await withPglogical(from), await withPglogical(to))
  const { source, target } = pair
  await sql(source, SHOP)
  const life = watched(await migration(pair, { spec: { engine: 'pglogical' }, approve: APPROVE }))
  let row = 100
  const flows = async (publisher: TestDatabase): Promise<void> => {
    row += 1
    await sql(
      publisher,
      `insert into orders values (${String(row)}, 'x'); insert into line values (${String(row)}, ${String(row)})`,
    )
    await same(life)
    await mended(life)
  }
  await life.reach('replicating')
  await flows(source)

  // A second operator's password on the source: the spec and the subscription hold the first.
  await life.ask('replicating', false)
  await setsPassword(source, life, uniqueName('second'))
  const streams = await life.belt('plan')
  expect(streams.code).toBe(1)
  expect(unwrapped(streams)).toContain('holds neither')
  expect(unwrapped(await life.belt('status'))).toContain('will not connect again once it is cut off')
  expect((await life.belt('drift')).code).toBe(2)
  await cutOff(source)
  await alarm(life, /drift-subscription-down: .* the source refuses the password that it holds for role/, [
    'replication-password',
  ])
  expect((await life.belt('plan')).code).toBe(1)
  await life.ask('replicating')
  expect(await repaired(life)).toEqual(['role-password.source', 'redial.target', 'redial-start.target'])
  await flows(source)

  // The connection string of the subscription.
  await spoils(target, life, 'origin')
  await alarm(life, /drift-subscription-password: .* the source refuses the password that it holds/)
  await cutOff(source)
  await alarm(life, /drift-subscription-down: .* the source refuses the password that it holds/)
  expect(await repaired(life)).toEqual(['redial.target', 'redial-start.target'])
  await flows(source)

  // That by which pglogical reaches the database it is in.
  await spoils(target, life, 'target')
  await alarm(life, /drift-subscription-password: .* the target refuses the password that node and interface/)
  expect(await repaired(life)).toEqual(['redial.target', 'redial-start.target'])
  await flows(source)

  // The spec's.
  life.give(uniqueName('third'))
  await life.ask('replicating', false)
  const given = await life.belt('plan')
  expect(given.code).toBe(1)
  expect(unwrapped(given)).toContain('holds the password that it has')
  expect(unwrapped(await life.belt('status'))).toContain(
    'exists on the source with another password than the spec gives',
  )
  expect((await life.belt('drift')).code).toBe(2)
  await life.ask('replicating')
  expect(await repaired(life)).toEqual([
    'role-password.source',
    'role-password.target',
    'redial.target',
    'redial-start.target',
  ])
  await flows(source)
  await cutOff(source)
  await flows(source)

  // After the cutover it is the way back that has them, and the target that is dialled.
  await life.reach('cutover')
  await flows(target)
  await setsPassword(target, life, uniqueName('fourth'))
  await cutOff(target)
  await alarm(life, /drift-subscription-down: .* the target refuses the password that it holds for role/, [
    'replication-password',
  ])
  const native = to === 17
  const redials = native ? ['redial.source'] : ['redial.source', 'redial-start.source']
  expect(await repaired(life)).toEqual(['role-password.target', ...redials])
  await flows(target)
  life.give(uniqueName('fifth'))
  expect(await repaired(life)).toEqual(['role-password.source', 'role-password.target', ...redials])
  await flows(target)
  await cutOff(target)
  // By itself pglogical tries again after minutes; the plan starts it anew.
  await life.reach('cutover')
  await flows(target)
  await life.reach('rolled-back')
  await same(life)

  await expectNoLeak(life)
})
