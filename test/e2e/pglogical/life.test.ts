import { expect, test } from 'vitest'
import { withPglogical, type DebianMajor } from '../../support/debian.js'
import { sql } from '../../support/databases.js'
import type { StartOptions } from '../../../src/embedded/server.js'
import { migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

const SHOP = `
  create table customer (id int generated always as identity primary key, name text not null);
  create table orders (id serial primary key, customer int references customer, amount numeric);
  create index on orders (customer);
  create table audit (what text);
  create table price (id int primary key, net int, gross int generated always as (net * 2) stored);
  create table event (id int, at date, primary key (id, at)) partition by range (at);
  create table event_old partition of event for values from ('2020-01-01') to ('2025-01-01');
  create table event_new partition of event for values from ('2025-01-01') to ('2030-01-01');
  insert into customer (name) select 'c' || g from generate_series(1, 200) as g;
  insert into orders (customer, amount) select 1 + g % 200, g from generate_series(1, 2000) as g;
  insert into audit values ('begun');
  insert into price (id, net) values (1, 10);
  insert into event values (1, '2024-06-01'), (2, '2026-06-01')`

/** Everything that an application can see of it. */
const CONTENTS = `
  select
    (select count(*)::int || ' ' || sum(id) || ' ' || string_agg(name, ',' order by id) from customer) as customers,
    (select count(*)::int || ' ' || sum(amount) from orders) as orders,
    (select string_agg(what, ',' order by what) from audit) as audit,
    (select string_agg(net || ':' || gross, ',' order by id) from price) as prices,
    (select string_agg(id || ':' || at, ',' order by id) from event) as events`

/** As a server is that nobody has prepared for pglogical's output plugin: allowing it is in the plan. */
async function unprepared(major: DebianMajor): Promise<StartOptions> {
  return { ...(await withPglogical(major)), settings: { shared_preload_libraries: 'pglogical' } }
}

test('moves a shop with pglogical from 15 to 17, back with native replication, and leaves nothing behind', async () => {
  const { source, target } = await ownPair('pgl', await unprepared(15), await unprepared(17))
  await sql(source, SHOP)
  const life = await migration({ source, target }, { spec: { engine: 'pglogical' } })
  const same = async (): Promise<void> => {
    await expect
      .poll(async () => (await sql(target, CONTENTS))[0], { interval: 50 })
      .toEqual((await sql(source, CONTENTS))[0])
  }

  const first = await life.reach('replicating')
  expect(first.actions.find((a) => a.id === 'output-plugin.source')?.sql.join('; ')).toContain(
    'alter system set output_plugin_libraries = pgoutput, test_decoding, pglogical_output',
  )
  expect(JSON.stringify(first)).not.toContain(source.password)
  expect(first.diagnostics.map((d) => d.code)).toContain('reverse-engine')
  await sql(
    source,
    `insert into customer (name) values ('later'); update orders set amount = 0 where id = 7; delete from orders where id = 8;
     truncate event_old; update event set id = 3 where id = 2; insert into audit values ('streaming'); update price set net = 20`,
  )

  await life.reach('cutover')
  await same()
  await sql(
    target,
    `insert into customer (name) values ('on the target'); delete from orders where id = 9; update price set net = 30;
     insert into audit values ('cut over'); insert into event values (4, '2026-07-01')`,
  )

  await life.reach('rolled-back')
  const back = (await sql(source, CONTENTS))[0]
  expect(back).toMatchObject({
    audit: 'begun,cut over,streaming',
    prices: '30:60',
    events: '3:2026-06-01,4:2026-07-01',
  })
  expect(String(back?.['customers'])).toContain('later,on the target')
  await sql(source, `insert into customer (name) values ('home again')`)
  await life.reach('replicating')
  await expect
    .poll(async () => sql(target, `select from customer where name = 'home again'`), { interval: 50 })
    .toHaveLength(1)

  await life.reach('absent')
  for (const side of [source, target]) {
    const left = await sql(
      side,
      `select 'schema ' || nspname as what from pg_namespace where nspname in ('belt', 'pglogical')
       union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
       union all select 'slot ' || slot_name from pg_replication_slots
       union all select 'origin ' || roname from pg_replication_origin
       union all select 'subscription ' || subname from pg_subscription
       union all select 'trigger ' || tgname from pg_trigger where tgname like 'queue%'`,
    )
    expect(left).toEqual([])
    expect((await sql(side, 'show output_plugin_libraries'))[0]).toEqual({
      output_plugin_libraries: 'pgoutput, test_decoding',
    })
  }
})
