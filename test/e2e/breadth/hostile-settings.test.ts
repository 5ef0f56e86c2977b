import { expect, test } from 'vitest'
import { databaseOf, sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { errorsOf, move } from './support/move.js'
import { expectSameRows } from './support/rows.js'

/** Each of them ends, hides, reorders or rewrites something for a session that does not say what it wants. */
const HOSTILE: Readonly<Record<string, string>> = {
  statement_timeout: '10ms',
  lock_timeout: '10ms',
  idle_in_transaction_session_timeout: '10ms',
  default_transaction_read_only: 'on',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  search_path: 'nowhere',
  row_security: 'off',
  session_replication_role: 'replica',
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  TimeZone: 'Asia/Kathmandu',
  extra_float_digits: '-10',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  quote_all_identifiers: 'on',
  array_nulls: 'off',
  transform_null_equals: 'on',
  client_encoding: 'LATIN1',
  lc_messages: 'C',
  xmloption: 'document',
  check_function_bodies: 'on',
  default_table_access_method: 'heap',
  synchronous_commit: 'off',
}

const TABLES = `
  create schema nowhere;
  create table public.values (
    id integer primary key, at timestamptz, day date, span interval, exact float8, bytes bytea, list text[], doc xml, name text);
  insert into public.values
    select i, timestamptz '2024-03-04 05:06:07.891+00' + i * interval '37 hours', date '2024-02-29' + i, i * interval '1 mon 2 days 3.5 s',
      i / 3.0::float8, decode(md5(i::text), 'hex'), array['a', null, 'NULL', 'back\\slash'], 'content <a/>', 'naïve ü ' || i
    from generate_series(1, 200) as i;
  create index on public.values (at);
  create materialized view public.summary as select count(*) as n, max(at) as at from public.values;`

test('row security and settings of database and role hide, stop and change nothing', async () => {
  const { source, target } = await pair(15, 17, 'settings')
  const owner = uniqueName('tenants')
  await sql(source, TABLES)
  await sql(
    source,
    `
    create role ${owner} nologin;
    create table public.secrets (id integer primary key, tenant text, body text);
    create table public.hidden (id integer primary key, tenant text);
    insert into public.secrets select i, case when i % 4 = 0 then current_user else 'nobody' end, md5(i::text) from generate_series(1, 100) as i;
    insert into public.hidden select i, 'nobody' from generate_series(1, 100) as i;
    alter table public.secrets owner to ${owner};
    alter table public.secrets enable row level security;
    alter table public.secrets force row level security;
    alter table public.hidden enable row level security;
    create policy own on public.secrets using (tenant = current_user);
    create policy nothing on public.hidden using (false)`,
  )

  await refusesWhoCannotSeeAll(source, target, owner)

  const admins = { source: await hostileAdmin(source), target: await hostileAdmin(target) }
  for (const { server, database } of [source, target]) {
    const settings = Object.entries(server.major >= 17 ? { ...HOSTILE, transaction_timeout: '10ms' } : HOSTILE)
    const set = settings.map(([name, value]) => `alter database "${database}" set ${name} = ${listed(name, value)}`)
    await sql(databaseOf(server, 'postgres'), set.join(';'))
  }
  const moved = await move({ source, target, admins, spec: { roles: { copy: [owner] } } })
  const { plan } = await moved.apply()
  const role = plan.actions.find((a) => a.kind === 'set-replication-role' && a.side === 'source')
  expect(role?.title).toContain('bypassrls')
  const [made] = await sql(source, `select rolsuper, rolbypassrls from pg_catalog.pg_roles where rolname = $1`, [
    moved.replication.name,
  ])
  expect(made).toEqual({ rolsuper: false, rolbypassrls: true })
  expect(await expectSameRows(source, target)).toMatchObject({
    'public.secrets': expect.stringMatching(/^100 /),
    'public.hidden': expect.stringMatching(/^100 /),
  })

  await sql(
    source,
    `
    set session_replication_role = origin; set default_transaction_read_only = off; set statement_timeout = 0; set transaction_read_only = off;
    update public.secrets set body = 'changed' where id % 2 = 0;
    insert into public.hidden values (101, 'nobody');
    delete from public.values where id > 150;
    update public.values set span = span * 2, exact = exact / 7`,
  )
  await expectSameRows(source, target, ['public.summary'])
  expect((await moved.plan()).plan).toMatchObject({ actions: [] })
  expect(await moved.belt('drift')).toMatchObject({ code: 0 })
})

/** Lists are written without quotes around the whole. */
function listed(name: string, value: string): string {
  return name === 'search_path' || name === 'DateStyle' ? value : `'${value}'`
}

async function hostileAdmin(database: TestDatabase): Promise<TestDatabase> {
  const user = uniqueName('admin')
  const password = uniqueName('admin-secret')
  const set = Object.entries(HOSTILE).map(([name, value]) => `alter role ${user} set ${name} = ${listed(name, value)}`)
  await sql(
    databaseOf(database.server, 'postgres'),
    [`create role ${user} superuser login password '${password}'`, ...set].join(';'),
  )
  return { ...database, user, password }
}

async function refusesWhoCannotSeeAll(source: TestDatabase, target: TestDatabase, owner: string): Promise<void> {
  const user = uniqueName('weak')
  const password = uniqueName('weak-secret')
  await sql(
    source,
    `create role ${user} login createrole replication password '${password}' in role ${owner}, pg_read_all_data;
    grant create on database "${source.database}" to ${user}`,
  )
  const weak = await move({
    source,
    target,
    admins: { source: { ...source, user, password } },
    spec: { roles: { copy: [owner] } },
  })
  const plan = await weak.plan()
  expect(plan.applicable).toBe(false)
  expect(errorsOf(plan)).toEqual(expect.arrayContaining(['row-security', 'bypassrls-privilege']))
  expect(plan.plan.actions).toEqual([])
  const shown = await weak.belt('plan')
  expect(shown.code).toBe(1)
  expect(shown.stdout + shown.stderr).toContain(`alter role ${user} bypassrls`)
}
