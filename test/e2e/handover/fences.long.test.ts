import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sql, uniqueName } from '../../support/databases.js'
import { rightsOf } from './support/access.js'
import { startClients } from './support/clients.js'
import { carriedPair, NATIVE, PGLOGICAL } from './support/engines.js'
import { expectWrites, fencedLife, mayWrite } from './support/fenced-life.js'
import { migration } from './support/migration.js'
import { ownedByAdmin } from './support/rds.js'
import { ownPair } from './support/servers.js'
import { letsIn } from './support/shop.js'
import { makeStaff, namesOf, writersOf } from './support/staff.js'

const HOLDING = ['revoke_connect', 'revoke_login', 'read_only'] as const

test.each([
  ...HOLDING.map((fence) => ({ fence, ...NATIVE })),
  // What a fence takes away does not hang on the engine; who must stay connected through it does.
  ...PGLOGICAL.flatMap((carried) => HOLDING.map((fence) => ({ fence, ...carried }))),
])(
  'with $fence ($engine from $from to $to), clients of every kind of login follow a migration there and back, and get all their rights again',
  async ({ fence, ...carried }) => {
    const databases = await carriedPair('fenced', carried)
    const { source, target } = databases
    const all = await fencedLife(databases, fence, carried.engine)
    const { life, clients, staff } = all
    onTestFinished(() => clients.stop())
    const before = await rightsOf(source)

    await life.reach('cutover')
    await clients.each(3)
    await expectWrites(all, 'target')
    expect(await letsIn(source, staff.monitor)).toBe(true)
    const served = await rightsOf(target)

    await life.reach('rolled-back')
    await clients.each(3)
    await expectWrites(all, 'source')
    expect(await rightsOf(source)).toEqual(before)

    await life.reach('replicating')
    await life.reach('cutover')
    await clients.each(3)
    await expectWrites(all, 'target')
    expect(await rightsOf(target)).toEqual(served)

    await life.reach('rolled-back')
    await clients.each(3)
    await life.reach('absent')
    await clients.stop()
    for (const role of writersOf(staff)) expect(await mayWrite(source, role), role.name).toBe(true)
    await clients.expectAll(source)
    expect(await sql(source, `select from pg_namespace where nspname = 'belt'`)).toEqual([])
  },
)

test.each(['revoke_login', 'read_only', 'none'] as const)(
  'with %s, a cutover that is killed and whose state is lost is taken back to the last right',
  async (fence) => {
    const databases = await ownPair('lost')
    const { source } = databases
    const all = await fencedLife(databases, fence)
    const { life, clients, staff } = all
    onTestFinished(() => clients.stop())
    const before = await rightsOf(source)
    await life.ask('cutover')
    await life.plan()
    const killed = await life.killedAt('after-sql:fence.source', 'apply', 'plan.json')
    expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL' })
    await rm(path.dirname(life.statePath), { recursive: true })
    const plan = await life.plan()
    expect(plan.actions.map((a) => a.id)).toContain('reopen.source')
    await life.belt('apply', 'plan.json')
    expect(await rightsOf(source)).toEqual(before)
    await expectWrites(all, 'source')
    await clients.each(3)
    await life.reach('replicating')
    // Whoever uses `none` stops the applications himself.
    if (fence === 'none') await clients.stop()
    await life.reach('cutover')
    if (fence !== 'none') await clients.each(3)
    for (const role of writersOf(staff)) expect(await mayWrite(all.target, role), role.name).toBe(true)
    await clients.stop()
    await clients.expectAll(all.target)
    if (fence === 'none') expect(await rightsOf(source)).toEqual(before)
  },
)

test('with none, belt waits for the clients that somebody else stops, and tells which are left', async () => {
  const databases = await ownPair('none')
  const { source, target } = databases
  const all = await fencedLife(databases, 'none')
  const { life, clients, staff } = all
  onTestFinished(() => clients.stop())
  const before = await rightsOf(source)
  await life.ask('cutover')
  await life.plan()
  const running = await life.start('apply', 'plan.json')
  await running.saw(staff.clerk.name)
  await clients.stop()
  const run = await running.done
  expect(run, run.stderr).toMatchObject({ code: 0 })
  expect(await rightsOf(source)).toEqual(before)
  for (const role of writersOf(staff)) expect(await mayWrite(target, role), role.name).toBe(true)
  await clients.expectAll(target)
  const again = startClients([target], writersOf(staff))
  onTestFinished(() => again.stop())
  await again.stop()
  await life.reach('rolled-back')
  expect(await rightsOf(source)).toEqual(before)
  await clients.expectAll(source)
  await life.reach('absent')
})

test.each(['revoke_connect', 'revoke_login', 'read_only'] as const)(
  'with %s, an admin that is no superuser and owns the database and its tables is not locked out',
  async (fence) => {
    const { source: from, target: to } = await ownPair('owned', { major: 16 }, { major: 17 })
    const replication = { name: uniqueName('repl'), password: 'secret-of-replication' }
    const [source, target] = await Promise.all([
      ownedByAdmin(from, replication.name),
      ownedByAdmin(to, replication.name),
    ])
    const staff = await makeStaff(from, source.user)
    await sql(from, `grant ${namesOf(staff).join(', ')} to ${source.user} with admin option`)
    const cutover = { fence, except_roles: [staff.monitor.name], max_pause: '60s' }
    const life = await migration({ source, target }, { replication, copyRoles: namesOf(staff), spec: { cutover } })
    await life.reach('replicating')
    const clients = startClients([from, to], writersOf(staff))
    onTestFinished(() => clients.stop())
    await clients.each(3)
    const before = await rightsOf(from)
    await life.reach('cutover')
    await clients.each(3)
    await life.reach('rolled-back')
    expect(await rightsOf(from)).toEqual(before)
    await clients.each(3)
    await life.reach('replicating')
    await life.reach('cutover')
    await clients.each(3)
    await life.reach('finalized')
    await clients.stop()
    await clients.expectAll(to)
  },
)
