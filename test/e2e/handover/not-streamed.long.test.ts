import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { sql } from '../../support/databases.js'
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
  comment on constraint ledger_id_positive on ledger is 'old rows break it'`

async function expectSame(life: Migration): Promise<void> {
  const both = async (): Promise<boolean> => isDeepStrictEqual(await rowsOf(life.source), await rowsOf(life.target))
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
  await expectSame(life)
  await sql(source, `insert into ledger values (21, 'late'); update ledger_streams set note = 'late' where id = 120`)
  await life.reach('cutover')
  await expectSame(life)
  await sql(target, `delete from only ledger where id = 21; update ledger_below set note = 'late' where id = 220`)
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
