import { expect, test } from 'vitest'
import type { StartOptions } from '../../../src/embedded/server.js'
import { withPglogical } from '../../support/debian.js'
import { sql, type TestDatabase } from '../../support/databases.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

const SCHEMA = `
  create table orders (
    region text, id int, customer text not null, discount numeric not null default 0, secret text, primary key (region, id));
  create table line (
    region text, "order" int, nr int, what text, primary key (region, "order", nr), foreign key (region, "order") references orders);
  create table person (id int generated always as identity primary key, name text, ssn text);
  create table plain (id int primary key, body text);
  insert into orders select r, i, 'c' || i, i, 's' || i from unnest(array['eu', 'us', 'eu;--']) as r, generate_series(1, 300) as i;
  insert into line select region, id, n, 'l' || n from orders, generate_series(1, 2) as n;
  insert into person (name, ssn) select 'p' || i, 'ssn' || i from generate_series(1, 200) as i;
  insert into plain select i, 'b' || i from generate_series(1, 50) as i`

const SCOPE = {
  tables: {
    row_filters: { 'public.orders': "region = 'eu' -- ours", 'public.line': "region in ('eu')" },
    column_lists: { 'public.orders': ['region', 'id', 'customer', 'discount'], 'public.person': ['name', 'id'] },
  },
}

/** What moves, as either side should have it. */
const MOVED = `
  select
    (select string_agg(t::text, ',' order by t) from (select region, id, customer, discount from orders where region = 'eu') as t) as orders,
    (select string_agg(t::text, ',' order by t) from line as t where region = 'eu') as lines,
    (select string_agg(t::text, ',' order by t) from (select id, name from person) as t) as persons,
    (select string_agg(t::text, ',' order by t) from plain as t) as plain`
/** What stays on the source. */
const STAYS = `
  select
    (select string_agg(t::text, ',' order by t) from orders as t where region <> 'eu') as orders,
    (select string_agg(t::text, ',' order by t) from line as t where region <> 'eu') as lines`

async function engines(name: string): Promise<readonly [StartOptions, StartOptions]> {
  const [engine, from, to] = name.split(' ')
  if (engine === 'native') return [{ major: Number(from) as 15 }, { major: Number(to) as 17 }]
  return [await withPglogical(Number(from) as 15), await withPglogical(Number(to) as 17)]
}

test.each(['pglogical 15 17', 'pglogical 13 15', 'pglogical 17 18', 'native 15 17'])(
  'a part of some tables moves, comes back and leaves the rest where it is: %s',
  async (name) => {
    const databases = await ownPair('parts', ...(await engines(name)))
    const { source, target } = databases
    await sql(source, SCHEMA)
    const life = await migration(databases, { spec: { engine: name.split(' ')[0], scope: SCOPE } })
    const first = await life.reach('replicating')
    expect(first.diagnostics.map((d) => `${d.code} ${d.subject ?? ''}`)).toEqual(
      expect.arrayContaining(['part-of-table table public.line', 'part-of-table table public.orders']),
    )
    expect(await sql(target, `select from orders where region <> 'eu' or secret is not null`)).toEqual([])
    expect(await sql(target, 'select from person where ssn is not null')).toEqual([])
    await sql(
      source,
      `insert into orders values ('eu', 1000, 'new', 1, 's'), ('us', 1000, 'new', 1, 's');
       insert into line values ('eu', 1000, 1, 'n'), ('us', 1000, 1, 'n');
       update orders set customer = 'changed', secret = 'changed' where id = 7; update orders set secret = 'more' where id = 8;
       delete from line where "order" = 9; delete from orders where id = 9;
       update orders set id = 5000 where region = 'eu' and id = 10 and false;
       update person set name = 'renamed', ssn = 'x' where id < 5; insert into person (name, ssn) values ('later', 'y');
       insert into plain values (100, 'later')`,
    )
    await same(source, target)
    await quiet(life)

    await life.reach('cutover')
    await same(source, target)
    const stays = (await sql(source, STAYS))[0]
    await sql(
      target,
      `insert into orders (region, id, customer) values ('eu', 2000, 'on the target'); insert into line values ('eu', 2000, 1, 't');
       delete from line where "order" = 11; delete from orders where id = 11;
       update orders set discount = 7, secret = 'on the target' where id = 12;
       insert into person (name, ssn) values ('on the target', 'z'); update plain set body = 'on the target' where id = 1;
       insert into orders (region, id, customer) values ('us', 1, 'stray')`,
    )
    await life.ask('rolled-back')
    await life.plan()
    const refused = await life.belt('apply', 'plan.json')
    expect(refused).toMatchObject({ code: 4 })
    expect(refused.stderr).toContain('public.orders')
    expect(refused.stderr).toContain('1 row outside the row filter')
    await sql(target, `delete from orders where region = 'us'`)

    await life.reach('rolled-back')
    await same(source, target)
    expect((await sql(source, STAYS))[0]).toEqual(stays)
    expect(
      await sql(source, `select id, secret from orders where region = 'eu' and id in (12, 2000) order by 1`),
    ).toEqual([
      { id: 12, secret: 's12' },
      { id: 2000, secret: null },
    ])
    await sql(source, `update orders set customer = 'home again' where id = 20`)
    await life.reach('replicating')
    await same(source, target)
    await quiet(life)
    await life.reach('absent')
  },
)

async function same(source: TestDatabase, target: TestDatabase): Promise<void> {
  await expect.poll(async () => (await sql(target, MOVED))[0], { interval: 100 }).toEqual((await sql(source, MOVED))[0])
}

/** Verified, nothing to do, no drift. */
async function quiet(life: Migration): Promise<void> {
  const verified = await life.belt('verify')
  expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 })
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  const drift = await life.belt('drift')
  expect(drift, drift.stdout).toMatchObject({ code: 0 })
}
