import { expect, test } from 'vitest'
import { sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { move } from './support/move.js'
import { expectSameRows } from './support/rows.js'

test('what the target refuses stops the apply, which goes on once it is mended; what the source gains is brought later', async () => {
  const { source, target } = await pair(15, 17, 'later')
  const owner = uniqueName('later_owner')
  // An event trigger of the target stands for whatever a server may refuse.
  await sql(
    source,
    `
    create role ${owner};
    create table public.first (id integer primary key, name text);
    create table public.second (id integer primary key, first integer references public.first);
    alter table public.second owner to ${owner};
    create table public.event (id integer, at date, primary key (id, at)) partition by range (at);
    create index event_at on public.event (at);
    create table public.event_old partition of public.event for values from (minvalue) to ('2025-01-01');
    insert into public.event select i, '2024-01-01' from generate_series(1, 9) as i;
    insert into public.first select i, 'n' || i from generate_series(1, 50) as i;
    insert into public.second select i, i from generate_series(1, 50) as i`,
  )
  await sql(
    target,
    `
    create function public.no_second() returns event_trigger language plpgsql as $$
      begin
        if exists (select from pg_event_trigger_ddl_commands() where object_identity = 'public.second') then
          raise exception 'no second table here' using detail = 'said the target', hint = 'ask it';
        end if;
      end $$;
    create event trigger refuse on ddl_command_end execute function public.no_second()`,
  )
  const moved = await move({ source, target, spec: { roles: { copy: [owner] } } })
  expect(await moved.belt('plan', '--out', 'plan.json')).toMatchObject({ code: 0 })
  const refused = await moved.belt('apply', 'plan.json')
  expect(refused.code).toBe(4)
  const said = refused.stdout + refused.stderr
  for (const text of [
    'table.public.second',
    'CREATE TABLE public.second',
    'no second table here',
    'P0001',
    'said the target',
  ]) {
    expect(said).toContain(text)
  }
  expect(
    await sql(
      target,
      `select from pg_catalog.pg_subscription as s join pg_catalog.pg_database as d on d.oid = s.subdbid where d.datname = current_database()`,
    ),
  ).toEqual([])
  await sql(target, 'drop event trigger refuse; drop function public.no_second()')
  expect(await moved.belt('apply', 'plan.json')).toMatchObject({ code: 0 })
  await expectSameRows(source, target)
  expect((await moved.plan()).plan).toMatchObject({ actions: [] })

  const copiedBefore = await copyCounts()
  await sql(
    source,
    `
    create table public.third (id integer primary key, first integer references public.first, body text);
    create index third_body on public.third (body);
    create table public.event_new partition of public.event for values from ('2025-01-01') to (maxvalue);
    insert into public.event select i, '2026-01-01' from generate_series(10, 19) as i;
    insert into public.third select i, i, md5(i::text) from generate_series(1, 40) as i`,
  )
  const drift = await moved.belt('drift')
  expect(drift.code).toBe(2)
  expect(drift.stdout).toContain('public.third')
  const { plan } = await moved.plan()
  expect(plan.actions.map((a) => `${a.kind} ${a.id}`).sort()).toEqual(
    [
      'create-object table.public.third',
      'create-object constraint.public.third.third_pkey',
      'create-object table.public.event_new',
      'create-object constraint.public.event_new.event_new_pkey',
      'create-object index.public.event_new_at_idx',
      'create-object table-attach.public.event_new',
      'create-object index-attach.public.event_new_pkey',
      'create-object index-attach.public.event_new_at_idx',
      'grant-read grants.source.replication',
      'create-publication publication.source',
      'refresh-subscription refresh.subscription',
      'await-copy copy.target',
      'create-index index.public.third_body',
      'analyze-tables analyze.target',
      'create-object constraint.public.third.third_first_fkey',
      'validate-constraint validate.constraint.public.third.third_first_fkey',
      'await-lag lag.target',
      'verify-rows verify.rows',
    ].sort(),
  )
  const texts = plan.actions.flatMap((a) => a.sql).join('\n')
  expect(texts).not.toContain('public.second')
  const add = plan.actions.find((a) => a.kind === 'create-publication')?.sql
  expect(add).toEqual([
    expect.stringMatching(/^alter publication \S+ add table (only )?public\.event_new, (only )?public\.third$/),
  ])
  await moved.apply()
  await expectSameRows(source, target)
  // The partition's indexes are those of the source, and none was made beside them.
  expect(await partitionIndexes(target)).toEqual(await partitionIndexes(source))
  expect(await copyCounts()).toEqual(copiedBefore)
  await sql(source, `update public.third set body = 'changed' where id < 5; delete from public.second where id = 1`)
  await expectSameRows(source, target)
  expect(await moved.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect(await moved.belt('drift')).toMatchObject({ code: 0 })

  async function partitionIndexes(database: TestDatabase): Promise<readonly object[]> {
    return sql(
      database,
      `select indexrelid::regclass::text as index, indisvalid as valid,
         (select inhparent::regclass::text from pg_catalog.pg_inherits where inhrelid = indexrelid) as parent
       from pg_catalog.pg_index where indrelid = 'public.event_new'::regclass or indrelid = 'public.event'::regclass order by 1`,
    )
  }

  /** The files that hold the rows: a table that is truncated and copied again gets another one. */
  async function copyCounts(): Promise<readonly object[]> {
    return sql(
      target,
      `select relname::text, oid, pg_catalog.pg_relation_filenode(oid) as file from pg_catalog.pg_class where relname in ('first', 'second', 'event_old') order by 1`,
    )
  }
})
