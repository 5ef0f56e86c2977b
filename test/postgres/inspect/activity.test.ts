import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { databaseOf, freshDatabase, sql, uniqueName, type Login } from '../../support/databases.js'
import { ownServer, sharedServer } from '../../support/servers.js'
import { inspect } from './connected.js'

async function open(login: Login, application: string, ...statements: readonly string[]): Promise<number> {
  const { host, port, user, password, database } = login
  const client = new pg.Client({ host, port, user, password, database, application_name: application })
  client.on('error', () => undefined) // the server stops before these do
  await client.connect()
  for (const statement of statements) await client.query(statement)
  const answer = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  onTestFinished(() => client.end().catch(() => undefined))
  return answer.rows[0]?.pid ?? 0
}

test.each([12, 18] as const)(
  'on %i whoever stands in belt’s way is shown, to a poor administrator too',
  async (major) => {
    const server = await ownServer({ major, settings: { max_prepared_transactions: '5' } })
    onTestFinished(() => server.stop())
    const db = await freshDatabase(server)
    const other = databaseOf(server, 'postgres')
    await sql(
      db,
      `create table t (id int4); create role app login password 'a'; grant insert on t to app;
    create role poor login createrole password 'p'`,
    )
    const app = { ...db, user: 'app', password: 'a' }
    const writer = await open(app, 'shop', 'begin', 'insert into t values (1)')
    const reader = await open(other, 'report', 'begin isolation level repeatable read', 'select 1')
    await open(app, 'idle shop')
    await open(db, 'belt/other/run', 'select 1')
    await sql(db, `begin; insert into t values (2); prepare transaction 'two "phase"'`)
    await delay(2_500)

    const { activity } = await inspect(db)
    expect(activity.openTransactions).toEqual([
      {
        pid: writer,
        user: 'app',
        database: db.database,
        application: 'shop',
        state: 'idle in transaction',
        transactionSeconds: expect.any(Number) as number,
        writes: true,
        backendType: 'client backend',
      },
      {
        pid: reader,
        user: 'postgres',
        database: 'postgres',
        application: 'report',
        state: 'idle in transaction',
        transactionSeconds: expect.any(Number) as number,
        writes: false,
        backendType: 'client backend',
      },
    ])
    for (const session of activity.openTransactions) {
      expect(session.transactionSeconds).toBeGreaterThanOrEqual(2)
      expect(session.transactionSeconds).toBeLessThan(60)
    }
    expect(activity.preparedTransactions).toMatchObject([
      { gid: 'two "phase"', database: db.database, owner: 'postgres' },
    ])
    expect(activity.sessionsByRole).toEqual([{ role: 'app', sessions: 2 }])

    const poor = await inspect({ ...db, user: 'poor', password: 'p' })
    expect(poor.activity.openTransactions).toMatchObject([
      { pid: writer, user: 'app', application: 'shop', writes: true, transactionSeconds: 0 },
    ])
    expect(poor.activity.preparedTransactions).toHaveLength(1)
    expect(poor.activity.sessionsByRole).toEqual([{ role: 'app', sessions: 2 }])
  },
)

test('jobs of pg_cron and ways back into a database of the same name are found, and no process is taken for a writer', async () => {
  const server = await sharedServer(17)
  const db = await freshDatabase(server)
  const poor = uniqueName('poor')
  await sql(
    db,
    `create extension postgres_fdw;
     create server loop foreign data wrapper postgres_fdw options (host 'elsewhere', dbname '${db.database}');
     create server other foreign data wrapper postgres_fdw options (dbname 'another');
     create schema cron;
     create table cron.job (jobid int8, schedule text, command text, database text, username text, active bool);
     insert into cron.job values (3, '@daily', 'select 1', '${db.database}', 'app', true),
       (4, '@daily', 'select 1', '${db.database}', 'app', false), (5, '@daily', 'select 1', 'another', 'app', true);
     alter table cron.job enable row level security;
     create role ${poor} login password 'p'; grant usage on schema cron to ${poor}; grant select on cron.job to ${poor}`,
  )
  const seen = await inspect(db)
  expect(seen.activity).toMatchObject({
    workers: [],
    cronJobs: [{ id: '3', role: 'app', schedule: '@daily' }],
    selfServers: [{ name: 'loop', wrapper: 'postgres_fdw' }],
  })
  expect((await inspect({ ...db, user: poor, password: 'p' })).activity.cronJobs).toBe('unreadable')
  await sql(db, `drop owned by ${poor}; drop role ${poor}`)
})
