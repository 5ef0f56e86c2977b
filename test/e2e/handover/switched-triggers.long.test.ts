import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { sql, type Row, type TestDatabase } from '../../support/databases.js'
import { rowsOf } from '../breadth/support/rows.js'
import { migration } from './support/migration.js'
import { ownPair } from './support/servers.js'

/** An event trigger that writes into a table which streams, and partitions that enable their triggers as they like. */
const WATCHED = `
  create table ddl_log (id serial primary key, tag text, port text default current_setting('port'));
  create table seen (id serial primary key, what text, n integer);
  create table parent (id integer primary key, n integer) partition by range (id);
  create table part_1 partition of parent for values from (0) to (100);
  create table part_2 partition of parent for values from (100) to (200);
  create function public.see() returns trigger language plpgsql as
    $$ begin insert into public.seen (what, n) values (tg_table_name || ' ' || tg_name, new.id); return null; end $$;
  create trigger plain after insert on parent for each row execute function public.see();
  create trigger always after insert on parent for each row execute function public.see();
  alter table part_1 enable always trigger plain;
  alter table parent enable always trigger always;
  alter table part_2 enable trigger always;
  insert into parent values (1, 1), (101, 1);
  create function public.log_ddl() returns event_trigger language plpgsql as
    $$ begin insert into public.ddl_log (tag) values (tg_tag); end $$;
  create event trigger logged on ddl_command_end execute function public.log_ddl();
  create event trigger off on ddl_command_start execute function public.log_ddl();
  alter event trigger off disable`

async function enablementOf(side: TestDatabase): Promise<readonly Row[]> {
  return sql(
    side,
    `select tgrelid::regclass::text as of, tgname::text as name, tgenabled::text as enabled from pg_trigger where not tgisinternal
     union all select 'event', evtname::text, evtenabled::text from pg_event_trigger order by 1, 2`,
  )
}

test('what belt does fires no event trigger on the side that is fed, and partitions keep their own ways', async () => {
  const databases = await ownPair('watched')
  const { source, target } = databases
  await sql(source, WATCHED)
  const wanted = await enablementOf(source)
  const life = await migration(databases)
  const expectSame = async (): Promise<void> => {
    const both = async (): Promise<boolean> => isDeepStrictEqual(await rowsOf(source), await rowsOf(target))
    await expect.poll(both, { interval: 100, timeout: 20_000 }).toBe(true)
  }
  const use = (serving: TestDatabase, id: number): Promise<unknown> =>
    sql(
      serving,
      `insert into parent values (${String(id)}, 1), (${String(id + 100)}, 1); comment on table parent is null`,
    )
  await life.reach('replicating')
  await life.ask('replicating')
  expect(await life.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  await use(source, 2)
  await expectSame()
  const verified = await life.belt('verify')
  expect(verified, verified.stdout).toMatchObject({ code: 0 })

  await life.reach('cutover')
  expect(await enablementOf(target)).toEqual(wanted)
  await expectSame()
  await use(target, 3)
  await expectSame()

  await life.reach('rolled-back')
  expect(await enablementOf(source)).toEqual(wanted)
  await expectSame()
  await use(source, 4)
  await expectSame()
  // Each row was seen by the server that took it alone: by every trigger that fires in an ordinary session.
  expect(await sql(target, 'select n from seen group by what, n having count(*) <> 1')).toEqual([])
})
