import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { sql, type Row, type TestDatabase } from '../../support/databases.js'
import { rowsOf } from '../breadth/support/rows.js'
import { migration, type Migration } from './support/migration.js'
import { ownPair } from './support/servers.js'

/** A keyless parent whose rows are copied in the pause, above tables that stream and one that is copied too. */
const HEIRS = `
  create table ledger (id integer, note text);
  create table ledger_streams (primary key (id)) inherits (ledger);
  create table ledger_below () inherits (ledger_streams);
  alter table ledger_below add primary key (id);
  create table ledger_copied () inherits (ledger);
  insert into ledger select i, 'parent' from generate_series(-2, 20) as i;
  insert into ledger_streams select i, 'streams' from generate_series(101, 140) as i;
  insert into ledger_below select i, 'below' from generate_series(201, 230) as i;
  insert into ledger_copied select i, 'copied' from generate_series(-5, 10) as i;
  alter table ledger add constraint ledger_id_positive check (id > 0) not valid;
  comment on constraint ledger_id_positive on ledger is 'old rows break it';
  create view ledger_plain as select * from ledger;
  create materialized view ledger_notes as select note, count(*) as n from ledger_plain group by 1;
  create materialized view ledger_total as select sum(n) as n from ledger_notes`

const REFRESH = 'refresh materialized view ledger_notes; refresh materialized view ledger_total'

async function expectSame(life: Migration, except: readonly string[] = []): Promise<void> {
  const both = async (): Promise<boolean> =>
    isDeepStrictEqual(await rowsOf(life.source, except), await rowsOf(life.target, except))
  await expect.poll(both, { interval: 100, timeout: 20_000 }).toBe(true)
}

test('copying a parent in the pause leaves the rows of the tables that inherit from it', async () => {
  const databases = await ownPair('heirs')
  const { source, target } = databases
  await sql(source, HEIRS)
  const spec = {
    keyless: { tables: { 'public.ledger': 'copy_at_cutover', 'public.ledger_copied': 'copy_at_cutover' } },
  }
  const life = await migration(databases, { spec })
  await life.reach('replicating')
  await life.ask('cutover')
  await life.plan('--only', 'keyless')
  const rehearsed = await life.belt('apply', 'plan.json')
  expect(rehearsed, rehearsed.stderr).toMatchObject({ code: 0 })
  await expectSame(life, ['public.ledger_notes', 'public.ledger_total'])
  await sql(
    source,
    `insert into ledger values (21, 'late'); update ledger_streams set note = 'late' where id = 120; ${REFRESH}`,
  )
  await life.reach('cutover')
  await expectSame(life)
  await sql(
    target,
    `delete from only ledger where id = 21; update ledger_below set note = 'late' where id = 220; ${REFRESH}`,
  )
  await life.reach('rolled-back')
  await expectSame(life)
  for (const side of [source, target]) {
    expect(
      await sql(
        side,
        `select conrelid::regclass::text as table, convalidated as valid, obj_description(oid) as note from pg_constraint
         where conname = 'ledger_id_positive' order by 1`,
      ),
    ).toEqual(
      ['ledger', 'ledger_below', 'ledger_copied', 'ledger_streams'].map((table) => ({
        table,
        valid: false,
        note: table === 'ledger' ? 'old rows break it' : null,
      })),
    )
  }
})

/** Tables that stream beside tables that do not, with foreign keys both ways, and a domain that old rows break. */
const MIXED = `
  create domain positive as integer;
  create table parent (id integer primary key, size positive, note text);
  create table child_copied (n integer references parent, note text);
  create table child_empty (id integer primary key, parent integer references parent);
  create table parent_copied (id integer primary key);
  alter table parent_copied replica identity nothing;
  create table child (id integer primary key, other integer references parent_copied);
  create table child_parts (id integer primary key, other integer references parent_copied) partition by range (id);
  create table child_part partition of child_parts for values from (0) to (1000);
  insert into parent select i, i - 3, 'x' from generate_series(1, 20) as i;
  insert into child_copied select i, 'x' from generate_series(1, 10) as i;
  insert into child_empty select i, i from generate_series(1, 5) as i;
  insert into parent_copied select i from generate_series(1, 30) as i;
  insert into child select i, i from generate_series(1, 25) as i;
  insert into child_parts select i, i from generate_series(1, 25) as i;
  comment on constraint child_copied_n_fkey on child_copied is 'of the copied';
  alter domain positive add constraint is_positive check (value > 0) not valid;
  comment on constraint is_positive on domain positive is 'old rows break it'`

/** What a side that serves must have: constraints with whether they are valid, and what is said of them. */
async function constraintsOf(side: TestDatabase): Promise<readonly Row[]> {
  return sql(
    side,
    `select coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text) as of, conname::text as name,
       convalidated as valid, obj_description(oid) as note
     from pg_constraint where contype in ('f', 'c') and connamespace = 'public'::regnamespace order by 1, 2`,
  )
}

/** Stops replication for good under a foreign key of a table that does not stream; and changes a row that broke the domain. */
async function provoke(serving: TestDatabase, round: number): Promise<void> {
  await sql(
    serving,
    `update parent set note = 'round ${String(round)}' where size <= 0;
     truncate parent cascade;
     alter domain positive drop constraint if exists is_positive;
     insert into parent select i, i - 3, 'again' from generate_series(1, 20) as i;
     insert into child_copied select i, 'again' from generate_series(1, 10) as i`,
  )
}

test('foreign keys of tables that do not stream, and domains that old rows break, stand on the serving side only', async () => {
  const databases = await ownPair('mixed')
  const { source, target } = databases
  await sql(source, MIXED)
  const wanted = await constraintsOf(source)
  const spec = {
    keyless: { tables: { 'public.child_copied': 'copy_at_cutover', 'public.parent_copied': 'copy_at_cutover' } },
    scope: { tables: { schema_only: ['public.child_empty'] } },
  }
  const again = `alter domain positive add constraint is_positive check (value > 0) not valid;
    comment on constraint is_positive on domain positive is 'old rows break it'`
  const life = await migration(databases, { spec })
  await life.reach('replicating')
  await provoke(source, 1)
  await sql(source, again)
  await expectSame(life, NOT_STREAMED)
  expect(await life.belt('verify')).toMatchObject({ code: 0 })

  await life.reach('cutover')
  await expectSame(life, ['public.child_empty'])
  expect(await constraintsOf(target)).toEqual(wanted)
  await provoke(target, 2)
  await sql(target, again)
  await expectSame(life, NOT_STREAMED)
  const verified = await life.belt('verify')
  expect(verified, verified.stdout).toMatchObject({ code: 0 })

  await life.reach('rolled-back')
  await expectSame(life, ['public.child_empty'])
  // Nobody looked after its rows while the target served.
  const back = wanted.map((c) => (c['of'] === 'child_empty' ? { ...c, valid: false } : c))
  expect(await constraintsOf(source)).toEqual(back)
  await provoke(source, 3)
  await sql(source, again)
  await expectSame(life, NOT_STREAMED)
  await life.reach('absent')
  expect(await constraintsOf(source)).toEqual(back)
})

const NOT_STREAMED = ['public.child_copied', 'public.child_empty', 'public.parent_copied']
