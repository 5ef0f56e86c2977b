import { expect, onTestFinished, test } from 'vitest'
import { sql } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { startWriters } from '../../support/writers.js'
import { move } from './support/move.js'
import { expectSameRows } from './support/rows.js'

/** Tables by what tells their rows apart; all get the same columns but the odd ones. */
const KINDS: Readonly<Record<string, string>> = {
  keyed: 'create table keyed (id integer primary key, n integer)',
  generated:
    'create table generated (id integer primary key, n integer, twice integer generated always as (n * 2) stored)',
  wide: 'create table wide (id integer primary key, n integer, body text, other text); alter table wide alter column body set storage external',
  parted: `create table parted (id integer, n integer, primary key (id)) partition by range (id);
    create table parted_low partition of parted for values from (minvalue) to (50);
    create table parted_high partition of parted for values from (50) to (maxvalue)`,
  parted_keyless: `create table parted_keyless (id integer, n integer) partition by list (n);
    create table parted_keyless_0 partition of parted_keyless for values in (0);
    create table parted_keyless_rest partition of parted_keyless default`,
  by_index: `create table by_index (id integer not null, n integer); create unique index by_index_key on by_index (id);
    alter table by_index replica identity using index by_index_key`,
  late_key: 'create table late_key (id integer, n integer, primary key (id) deferrable initially deferred)',
  named_nothing:
    'create table named_nothing (id integer primary key, n integer); alter table named_nothing replica identity nothing',
  keyless: 'create table keyless (id integer, n integer)',
  twins: 'create table twins (id integer, n integer)',
  with_json: 'create table with_json (id integer, n integer, doc json)',
  with_point: 'create table with_point (id integer, n integer, place point)',
  chosen: 'create table chosen (id integer, n integer)',
  unlogged: 'create unlogged table unlogged (id integer primary key, n integer)',
  parent:
    'create table parent (id integer primary key, n integer); create table child (extra integer default 1, primary key (id)) inherits (parent); create table left_out () inherits (parent)',
}

const FULL = ['keyless', 'late_key', 'named_nothing', 'parted_keyless_0', 'parted_keyless_rest', 'twins']
const AT_CUTOVER = ['public.chosen', 'public.unlogged', 'public.with_json', 'public.with_point']

test('the application may write to every table at every moment, whatever tells its rows apart', async () => {
  const { source, target } = await pair(15, 17, 'keyless')
  const names = Object.keys(KINDS)
  await sql(source, Object.values(KINDS).join(';\n'))
  await sql(
    source,
    names.map((name) => `insert into ${name} (id, n) select i, i % 5 from generate_series(1, 100) as i`).join(';'),
  )
  await sql(
    source,
    `
    insert into left_out (id, n) values (1001, 1), (1002, 2);
    insert into child (id, n) select i, i % 5 from generate_series(201, 250) as i;
    insert into twins select id, n from twins;
    update wide set body = (select string_agg(md5(i::text || wide.id::text), '') from generate_series(1, 200) as i), other = 'x';
    update with_json set doc = '{"a": 1}'; update with_point set place = '(1,2)'`,
  )
  const body = names.map(
    (name) => `
      insert into ${name} (id, n) values (100000 + round, round % 5);
      update ${name} set n = (n + 1) % 5 where id = 1 + round % 90;
      delete from ${name} where id = 100000 + round - 40;`,
  )
  await sql(
    source,
    `create procedure write(round integer) language plpgsql as $$ begin ${body.join('')}
      if round % 25 = 0 then truncate twins; insert into twins values (1, 1), (1, 1), (2, 2); end if; end $$`,
  )

  const writers = startWriters(source, 'call write($1)', { sessions: 1, pauseMs: 20 })
  onTestFinished(async () => {
    await writers.stop().catch(() => 0)
  })
  await writers.progress(3)
  const moved = await move({
    source,
    target,
    spec: {
      keyless: { tables: { 'public.chosen': 'copy_at_cutover' } },
      scope: { tables: { exclude: ['public.left_out'] } },
    },
  })
  const { plan } = await moved.apply()
  await writers.progress(60)
  expect(await writers.stop()).toBeGreaterThan(63)

  const identities = plan.actions.filter((a) => a.kind === 'set-replica-identity' && a.side === 'source')
  expect(identities.map((a) => a.title)).toEqual(FULL.map((name) => `replica identity full on public.${name}`))
  const codes = plan.diagnostics.filter((d) => d.code === 'copied-at-cutover').map((d) => d.subject)
  expect(codes.sort()).toEqual(AT_CUTOVER.map((name) => `table ${name}`))
  await expectSameRows(source, target, [...AT_CUTOVER, 'public.left_out'])
  for (const name of AT_CUTOVER) expect(await sql(target, `select from ${name}`)).toEqual([])
  const published = await sql(
    source,
    `select tablename::text as name from pg_catalog.pg_publication_tables where schemaname = 'public' order by 1`,
  )
  expect(published.map((p) => `public.${String(p['name'])}`)).not.toEqual(expect.arrayContaining([AT_CUTOVER[0]]))

  const late = names.map(
    (name) => `update ${name} set n = n + 1 where id % 3 = 0; delete from ${name} where id % 7 = 0`,
  )
  await sql(source, late.join(';'))
  await sql(
    source,
    'update parted set id = 500 + id where id = 20; update parted set id = -id where id = 60; truncate keyless; insert into keyless values (1, 1), (1, 1), (null, null)',
  )
  await expectSameRows(source, target, [...AT_CUTOVER, 'public.left_out'])
  expect((await moved.plan()).plan).toMatchObject({ actions: [] })
  expect(await moved.belt('drift')).toMatchObject({ code: 0 })
})
