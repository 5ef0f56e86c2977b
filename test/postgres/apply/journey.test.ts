import { readFile, stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { testMigration } from './migration.js'

const SHOP = `
  create table customer (id bigint generated always as identity primary key, email text not null unique, at timestamptz default now());
  create table orders (id bigint primary key, customer bigint not null references customer, total numeric(12,2) check (total >= 0));
  create index orders_customer_idx on orders (customer);
  create table audit (at timestamptz, what text);
  create materialized view totals as select customer, sum(total) as total from orders group by customer;
  create view cheap as select * from orders where total < 10;
  insert into customer (email) select 'c' || i from generate_series(1, 500) as i;
  insert into orders select i, 1 + i % 500, i from generate_series(1, 5000) as i;
  insert into audit select now(), 'x' || i from generate_series(1, 100) as i;
  refresh materialized view totals;`

test('an empty target comes to stage replicating, and a second plan is empty', async () => {
  const databases = await pair(15, 17, 'journey')
  const { source, target } = databases
  await sql(source, SHOP)
  const migration = await testMigration(databases)
  const saved = await migration.plan()
  expect(saved.plan.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  const { result, error, events } = await migration.apply(saved)
  expect(error).toBeUndefined()
  expect(result?.left.actions).toEqual([])
  expect(result?.stage).toBe('replicating')
  expect(result?.counts).toEqual({ done: saved.plan.actions.length, skipped: 0, failed: 0, remaining: 0 })
  expect(events.at(-1)?.type).toBe('finished')

  for (const table of ['customer', 'orders', 'audit', 'totals']) {
    const [mine] = await sql(source, `select count(*)::int as n from ${table}`)
    expect(await sql(target, `select count(*)::int as n from ${table}`)).toEqual([mine])
  }
  await sql(source, `insert into orders values (100000, 1, 5)`)
  await expect.poll(() => sql(target, 'select total::text from orders where id = 100000')).toEqual([{ total: '5.00' }])

  const second = await migration.plan()
  expect(second.plan.actions).toEqual([])
  expect(second.plan.from).toBe('replicating')

  const state = await readFile(migration.spec.state.path, 'utf8')
  expect((await stat(migration.spec.state.path)).mode & 0o777).toBe(0o600)
  for (const text of [state, JSON.stringify(events), JSON.stringify(saved)]) {
    expect(text).not.toContain(migration.replicationPassword)
    expect(text).not.toContain('SCRAM-SHA-256$')
  }
})
