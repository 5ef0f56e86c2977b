import { expect, test } from 'vitest'
import { withPglogical, type DebianMajor } from '../../support/debian.js'
import { freshDatabase, sql, type Row, type TestDatabase } from '../../support/databases.js'
import { hold } from '../handover/support/blocked.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair, type OwnPair } from '../handover/support/servers.js'

const TABLES = `create table first (id int primary key); create table second (id int primary key);
  insert into first select generate_series(1, 50); insert into second select generate_series(1, 50)`

async function pairWithPglogical(
  name: string,
  [from, to]: readonly [DebianMajor, DebianMajor] = [15, 17],
): Promise<OwnPair> {
  return ownPair(name, await withPglogical(from), await withPglogical(to))
}

async function streaming(databases: OwnPair, more: object = {}): Promise<Migration> {
  await sql(databases.source, TABLES)
  const life = await migration(databases, { spec: { engine: 'pglogical', ...more } })
  await life.reach('replicating')
  return life
}

test('a session that holds one table during a teardown is named, and nobody waits for the other tables meanwhile', async () => {
  const databases = await pairWithPglogical('held')
  const { source } = databases
  const life = await streaming(databases)
  const release = await hold(source, `set local application_name = 'forgotten'; select from first limit 1`)
  await life.ask('absent')
  await life.plan()
  const apply = await life.start('apply', 'plan.json')
  await apply.saw('forgotten (process')
  // Twice as long as one try for the lock lasts.
  for (const until = Date.now() + 7_000; Date.now() < until;) {
    const started = performance.now()
    await sql(source, `insert into second select max(id) + 1 from second`)
    expect(performance.now() - started).toBeLessThan(2_500)
  }
  await release()
  const done = await apply.done
  expect(done, done.stderr).toMatchObject({ code: 0 })
  for (const side of [source, databases.target]) expect(await leftOf(side)).toEqual([])
})

test('an extension that belt did not make stays, with the trigger of a table in somebody else’s set', async () => {
  const databases = await pairWithPglogical('theirs')
  for (const side of [databases.source, databases.target]) await sql(side, 'create extension pglogical')
  const life = await streaming(databases)
  await sql(databases.source, `select pglogical.replication_set_add_table('default', 'second')`)
  await life.reach('absent')
  expect(await leftOf(databases.source)).toEqual([{ what: 'extension pglogical' }, { what: 'trigger on second' }])
  expect(await leftOf(databases.target)).toEqual([{ what: 'extension pglogical' }])
})

test('somebody else’s subscription into the fenced side is named, and the handover is given up', async () => {
  // Here the way back is pglogical's too, so that the node of the source knows how to log in to its own database.
  const databases = await pairWithPglogical('feeder', [13, 15])
  const { source, target } = databases
  // What is brought into a table in scope would not be passed on to the target, which is refused from the start.
  await sql(source, `create table fed (id int primary key)`)
  const life = await streaming(databases, {
    cutover: { max_pause: '20s' },
    scope: { tables: { exclude: ['public.fed'] } },
  })
  const elsewhere = await freshDatabase(databases.servers.source, 'elsewhere')
  const dsn = `host=${elsewhere.host} port=${String(elsewhere.port)} dbname=${elsewhere.database} user=${elsewhere.user} password=${elsewhere.password}`
  await sql(
    elsewhere,
    `create extension pglogical; create table fed (id int primary key); select pglogical.create_node('elsewhere', '${dsn}');
     select pglogical.replication_set_add_table('default', 'fed')`,
  )
  await sql(source, `select pglogical.create_subscription('theirs', '${dsn}', array['default'])`)
  await expect
    .poll(() => sql(source, `select status from pglogical.show_subscription_status('theirs')`), { timeout: 60_000 })
    .toEqual([{ status: 'replicating' }])
  await life.reach('replicating')
  await life.ask('cutover')
  const refused = await life.belt('plan')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stdout).toContain('subscription theirs brings rows from elsewhere')
  await sql(source, `select pglogical.alter_subscription_disable('theirs', true)`)
  await life.plan()
  // Somebody has it go on behind the plan: before the fence the gate tells, behind it the proof that nobody writes.
  const enable = `select pglogical.alter_subscription_enable('theirs', true)`
  await sql(source, enable)
  const gate = await life.belt('apply', 'plan.json')
  expect(gate, gate.stderr).toMatchObject({ code: 4 })
  expect(gate.stderr).toContain('gate-closed')
  await sql(source, `select pglogical.alter_subscription_disable('theirs', true)`)
  expect(await life.killedAt('after-record:fence.source', 'apply', 'plan.json')).toMatchObject({ signal: 'SIGKILL' })
  await sql(source, enable)
  const apply = await life.belt('apply', 'plan.json')
  expect(apply, apply.stderr).toMatchObject({ code: 4 })
  expect(apply.stderr).toMatch(/pglogical apply \d+:\d+/)
  expect(apply.stderr).toContain('handover-given-up')
  await sql(source, `insert into first values (900)`)
  await sql(elsewhere, `insert into fed values (1)`)
  await expect.poll(() => sql(source, 'select id from fed'), { timeout: 30_000 }).toEqual([{ id: 1 }])
  await expect.poll(() => sql(target, 'select from first where id = 900'), { timeout: 30_000 }).toHaveLength(1)

  await life.reach('absent')
  expect(
    (await sql(source, `select sub_name::text as name from pglogical.subscription`)).map((s) => s['name']),
  ).toEqual(['theirs'])
  await sql(elsewhere, `insert into fed values (2)`)
  await expect.poll(() => sql(source, 'select id from fed order by 1'), { timeout: 30_000 }).toHaveLength(2)
})

test('a node of somebody else, databases of one server and versions that cannot talk are refused with the reason', async () => {
  const databases = await pairWithPglogical('refused')
  const { source, target, servers } = databases
  await sql(source, TABLES)
  const says = async (pair: { source: TestDatabase; target: TestDatabase }): Promise<string> => {
    const life = await migration(pair, { spec: { engine: 'pglogical' } })
    await life.ask('replicating')
    const run = await life.belt('plan')
    expect(run, run.stderr).toMatchObject({ code: 1 })
    return run.stdout + run.stderr
  }
  expect(await says({ source: target, target: source })).toContain('pglogical-versions')
  expect(await says({ source, target: await freshDatabase(servers.source, 'twin') })).toContain(
    'pglogical-same-cluster',
  )
  await sql(source, `create extension pglogical; select pglogical.create_node('theirs', 'dbname=none')`)
  expect(await says({ source, target })).toContain('node theirs of somebody else')

  const twin = await freshDatabase(servers.source, 'twin')
  const native = await migration({ source, target: twin })
  await native.reach('replicating')
  await native.reach('cutover')
  await sql(twin, 'insert into first values (77)')
  await native.reach('rolled-back')
  expect(await sql(source, 'select from first where id = 77')).toHaveLength(1)
  await native.reach('absent')
  expect(await sql(source, 'select node_name::text as name from pglogical.node')).toEqual([{ name: 'theirs' }])
})

async function leftOf(side: TestDatabase): Promise<readonly Row[]> {
  return sql(
    side,
    `select 'schema ' || nspname as what from pg_namespace where nspname = 'belt'
     union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
     union all select 'trigger on ' || tgrelid::regclass from pg_trigger where tgname like 'queue%'
     union all select 'slot ' || slot_name from pg_replication_slots order by 1`,
  )
}
