import { expect, test } from 'vitest'
import { withPglogical } from '../../support/debian.js'
import { sql, type TestDatabase } from '../../support/databases.js'
import { expectSameRows } from '../breadth/support/rows.js'
import { migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'
import { behind } from '../handover/support/stand.js'

test('a table, a column, a sequence and a partition that the source gains later are told by drift and brought by a plan', async () => {
  const databases = await ownPair('later', await withPglogical(15), await withPglogical(17))
  const { source, target } = databases
  await sql(
    source,
    `create table first (id int primary key, name text);
     create table event (id int, at date, primary key (id, at)) partition by range (at);
     create index event_at on event (at);
     create table event_old partition of event for values from ('2020-01-01') to ('2025-01-01');
     insert into first select i, 'n' || i from generate_series(1, 500) as i;
     insert into event select i, '2024-06-01' from generate_series(1, 50) as i`,
  )
  const life = await migration(databases, { spec: { engine: 'pglogical' } })
  await life.reach('replicating')
  expect(await life.belt('drift')).toMatchObject({ code: 0 })
  const files = await filesOf()

  await sql(
    source,
    `create table third (id int primary key, first int references first, body text);
     create index third_body on third (body);
     insert into third select i, i, md5(i::text) from generate_series(1, 400) as i;
     create sequence tickets start 700 increment 7;
     select nextval('tickets');
     create table event_new partition of event for values from ('2025-01-01') to ('2030-01-01');
     create table event_last partition of event for values from ('2030-01-01') to (maxvalue) partition by list (id);
     create table event_last_1 partition of event_last for values in (1001);
     create table event_last_rest partition of event_last default;
     insert into event select i, '2026-06-01' from generate_series(51, 90) as i;
     insert into event values (1001, '2031-01-01'), (1002, '2031-01-01')`,
  )
  const drift = await life.belt('drift')
  expect(drift, drift.stdout).toMatchObject({ code: 2 })
  for (const text of ['public.third', 'public.tickets', 'public.event_new']) expect(drift.stdout).toContain(text)
  const plan = await life.plan()
  const added = plan.actions.find((a) => a.id === 'set-tables.source')
  expect(added?.title).toMatch(/: add 4 tables, and copy just that$/)
  expect(added?.sql).toHaveLength(4)
  for (const text of added?.sql ?? []) expect(text).toContain('synchronize_data := true')
  const applied = await life.belt('apply', 'plan.json')
  expect(applied, applied.stderr).toMatchObject({ code: 0 })
  await expectSameRows(source, target)
  // What stood there was not copied again.
  expect(await filesOf()).toEqual(files)

  await sql(
    source,
    `update third set body = 'changed' where id < 5; delete from third where id = 9;
     insert into event values (91, '2027-01-01'); delete from event where id = 60`,
  )
  await expectSameRows(source, target)
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect(await life.belt('drift')).toMatchObject({ code: 0 })

  await life.reach('cutover')
  expect(await behind(target, source)).toEqual([])
  await sql(target, `insert into third values (1000, 1, 'on the target'); select nextval('tickets')`)
  await life.reach('rolled-back')
  await expectSameRows(source, target)
  expect(await behind(source, target)).toEqual([])

  /** Of the tables that were there from the beginning: a table that is truncated and copied again gets another file. */
  async function filesOf(): Promise<readonly object[]> {
    return sql(
      target,
      `select relname::text, relfilenode from pg_class where relname in ('first', 'event_old') order by 1`,
    )
  }
})

test('a column that the source gains stops the table in words, and everything goes on once the target has it too', async () => {
  const databases = await ownPair('column', await withPglogical(15), await withPglogical(17))
  const { source, target } = databases
  await sql(source, `create table first (id int primary key, name text); insert into first values (1, 'a'), (2, 'b')`)
  const life = await migration(databases, { spec: { engine: 'pglogical' } })
  await life.reach('replicating')
  await sql(source, `alter table first add column price numeric; update first set price = 5 where id = 1`)
  const drift = await life.belt('drift')
  expect(drift).toMatchObject({ code: 2 })
  expect(drift.stdout).toContain('column price is missing on the target')
  expect(await life.belt('plan')).toMatchObject({ code: 1 })
  await expect
    .poll(async () => (await life.belt('drift')).stdout, { timeout: 60_000 })
    .toContain('drift-subscription-down')

  await sql(target, `alter table first add column price numeric`)
  // By itself its worker tries again after minutes only.
  await retry(target)
  await expectSameRows(source, target)
  expect(await life.belt('drift')).toMatchObject({ code: 0 })
  await life.reach('cutover')
  await sql(target, `update first set price = 7 where id = 2`)
  await life.reach('rolled-back')
  expect(await sql(source, 'select id, price::int from first order by id')).toEqual([
    { id: 1, price: 5 },
    { id: 2, price: 7 },
  ])
})

/** As an operator does it who has removed the cause. */
async function retry(target: TestDatabase): Promise<void> {
  for (const verb of ['disable', 'enable']) {
    await sql(target, `select pglogical.alter_subscription_${verb}(sub_name, true) from pglogical.subscription`)
  }
}
