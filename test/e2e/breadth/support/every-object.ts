import { expect } from 'vitest'
import type { EmbeddedMajor } from '../../../../src/embedded/versions.js'
import { everyRoles, loadEveryObject, loadEveryRow, PLANTED_SECRET } from '../../../fixtures/load-every-object.js'
import { sql, uniqueName } from '../../../support/databases.js'
import { pair } from '../../../support/servers.js'
import { schemaOf, toReplay } from './dump.js'
import { move } from './move.js'
import { expectSameRows } from './rows.js'

/** What belt leaves off until cutover, done by hand to a database that has everything. */
const DEFERRED = `
  alter table every.item drop constraint price_range, drop constraint person_again;
  alter domain every.email drop constraint not_checked;
  alter table every.person disable trigger on_always, disable trigger on_replica;
  alter event trigger every_watch disable; alter event trigger every_always disable;`

/** What belt adds: an identity for tables that have none. */
const IDENTITIES = `
  do $$
  declare t regclass;
  begin
    for t in
      select c.oid from pg_catalog.pg_class as c
      where c.relkind = 'r' and c.relpersistence = 'p' and c.relnamespace in ('every'::regnamespace)
        and (c.relreplident = 'n' or c.relreplident = 'd' and not exists (
          select from pg_catalog.pg_index as i where i.indrelid = c.oid and i.indisprimary and i.indimmediate))
    loop
      execute format('alter table %s replica identity full', t);
    end loop;
  end $$;`

/** Rows that stay behind until cutover: unlogged. */
const LEFT_BEHIND = ['every.scratch']

export async function everyObjectArrives(from: EmbeddedMajor, to: EmbeddedMajor, later = ''): Promise<void> {
  const { source, target } = await pair(from, to, 'every')
  const ending = uniqueName('')
  await loadEveryObject(source, ending)
  await loadEveryRow(source)
  const replay = await toReplay(source, target)
  const every = await move({ source, target, spec: { roles: { copy: everyRoles(ending) } } })
  const made = await every.apply()
  expect(JSON.stringify(made)).not.toContain(PLANTED_SECRET)

  const reference = await replay()
  await sql(reference, DEFERRED + IDENTITIES + later)
  expect(await schemaOf(target)).toBe(await schemaOf(reference))
  await expectSameRows(source, target, LEFT_BEHIND)

  await sql(source, CHANGES)
  await expectSameRows(source, target, [...LEFT_BEHIND, ...MATERIALIZED])

  expect((await every.plan()).plan).toMatchObject({ actions: [] })
  expect(await every.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect(await every.belt('drift')).toMatchObject({ code: 0 })
}

const MATERIALIZED = ['every.summary', 'every.on_summary', 'every.other_method_view']

const CHANGES = `
  set session_replication_role = replica;
  insert into every.person (email, "Full Name") values ('late@example.org', 'Late');
  update every.person set payload = payload || '{"short": 1}', home = row('moved', 'x', null)::every.address where id % 2 = 0;
  update every.person set "Full Name" = 'Renamed' where id = 100;
  update every.item set price = price + 1 where room between 10 and 20;
  delete from every.item where room = 40;
  update every.base set b = 'changed' where a = 2;
  delete from only every.base where a = 1;
  update every.derived set c = '2030-01-01';
  update every.both set d = d + 1;
  insert into every.no_columns default values;
  update every.event set at = '2023-01-01' where id = 5;
  update every.event set person = 120 where id = 2;
  insert into every.event values (6, '2028-01-01', 'a;b', null);
  delete from every.event where id = 1;
  update every.partial_drop set c = 9 where a is null;
  update "odd ""schema""; --"."Täble ""q""; drop table x; --" set "Ünï""code; --" = 'new' where "select" = 1;
  update every."new
line" set id = 2;
  truncate every.to_spread;
  insert into every.to_spread select id from every.spread order by id limit 5;
  delete from every.hen where id = 1;`
