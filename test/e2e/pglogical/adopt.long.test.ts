import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runProgram } from '../../../src/embedded/program.js'
import { pgDumpFor, withPglogical, type DebianMajor } from '../../support/debian.js'
import { sql, type TestDatabase } from '../../support/databases.js'
import { pgbeltBack, pgbeltReplicates, pgbeltSetup, type PgbeltRole } from '../../support/pgbelt.js'
import { ledgerLife } from '../handover/support/ledger-life.js'
import { migration, type Migration } from '../handover/support/migration.js'
import { ownPair } from '../handover/support/servers.js'

const TABLES = `
  create table customer (id int generated always as identity primary key, name text not null);
  create table orders (id serial primary key, customer int references customer, amount numeric);
  create table audit (what text)`
const ROWS = `
  insert into customer (name) select 'c' || g from generate_series(1, 200) as g;
  insert into orders (customer, amount) select 1 + g % 200, g from generate_series(1, 2000) as g;
  insert into audit values ('begun')`

/** What must not change while belt takes over: identities of everything that replicates. */
const REPLICATION = `
  select 'node ' || n.node_id || ' ' || n.node_name as what from pglogical.node as n
  union all select 'interface ' || i.if_id || ' ' || md5(i.if_dsn) from pglogical.node_interface as i
  union all select 'set ' || s.set_id || ' ' || s.set_name from pglogical.replication_set as s
  union all select 'table ' || t.set_id || ' ' || t.set_reloid::regclass from pglogical.replication_set_table as t
  union all select 'subscription ' || s.sub_id || ' ' || s.sub_name || ' ' || s.sub_enabled::text from pglogical.subscription as s
  union all select 'sync ' || t.sync_subid || ' ' || coalesce(t.sync_relname, '') || ' ' || t.sync_status::text from pglogical.local_sync_status as t
  union all select 'slot ' || s.slot_name || ' ' || s.plugin from pg_replication_slots as s
  union all select 'origin ' || o.roident || ' ' || o.roname from pg_replication_origin as o
  order by 1`

interface Adoptable {
  readonly life: Migration
  readonly source: TestDatabase
  readonly target: TestDatabase
  readonly role: PgbeltRole
}

/** A shop that pgbelt replicates, all tables of it copied. */
async function shop(from: DebianMajor, to: DebianMajor): Promise<Adoptable> {
  const { source, target } = await ownPair('adopt', await withPglogical(from), await withPglogical(to))
  await sql(source, `${TABLES}; create index on orders (customer); ${ROWS}`)
  await sql(target, TABLES.replace(' references customer', ''))
  const role = await pgbeltSetup({ source, target })
  await expect.poll(() => pgbeltReplicates(target), { timeout: 60_000 }).toBe(true)
  const life = await migration({ source, target }, { replication: role, spec: { engine: 'pglogical' } })
  await life.ask('replicating')
  return { life, source, target, role }
}

async function expectNothingLeft(...sides: readonly TestDatabase[]): Promise<void> {
  for (const side of sides) {
    const left = await sql(
      side,
      `select 'schema ' || nspname as what from pg_namespace where nspname in ('belt', 'pglogical')
       union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
       union all select 'slot ' || slot_name from pg_replication_slots
       union all select 'origin ' || roname from pg_replication_origin
       union all select 'role ' || rolname from pg_roles where rolname = 'pglogical'
       union all select 'trigger ' || tgname from pg_trigger where tgname like 'queue%'`,
    )
    expect(left).toEqual([])
  }
}

test('takes over what runs without touching it, drops a way back that ran too early, and takes all away at absent', async () => {
  const { life, source, target, role } = await shop(13, 15)
  await pgbeltBack({ source, target }, role)
  await expect.poll(() => pgbeltReplicates(source), { timeout: 60_000 }).toBe(true)
  const seen = async (): Promise<unknown> => [await sql(source, REPLICATION), await sql(target, REPLICATION)]
  const before = await seen()
  const declined = await life.belt('adopt')
  expect(declined.code).toBe(3)
  expect(await sql(source, `select from pg_namespace where nspname = 'belt'`)).toEqual([])
  const adopted = await life.belt('adopt', '--yes', '--full')
  expect(adopted.stderr + adopted.stdout).not.toContain(role.password)
  expect(adopted.code).toBe(0)
  expect(adopted.stdout).toContain('pg2_pg1 feeds the source already')
  expect(await seen()).toEqual(before)
  expect((await life.belt('adopt', '--yes')).stdout).toContain('belt’s already')

  const plan = await life.reach('replicating')
  expect(plan.actions.filter((a) => a.kind === 'create-subscription')).toEqual([])
  expect(plan.actions.map((a) => a.id)).toContain('drop.subscription.source')
  expect((await life.plan()).actions).toEqual([])
  expect(await sql(target, 'select from orders')).toHaveLength(2000)

  const gone = await life.reach('absent')
  expect(gone.actions.find((a) => a.id === 'drop.node.source')?.hazards.map((h) => h.code)).toEqual(['adopted'])
  await expectNothingLeft(source, target)
})

const RICH = `
  create type mood as enum ('sad', 'ok', 'happy');
  create domain amount as numeric check (value >= 0);
  create function touch() returns trigger language plpgsql as $$begin new.at := now(); return new; end$$;
  create function label(text) returns text language sql immutable as $$select upper($1)$$;
  create table person (
    id bigint generated always as identity primary key, name text not null check (name <> ''), mood mood default 'ok',
    at timestamptz default now(), tags text[], doc jsonb, unique (name));
  comment on table person is 'a person; with "quotes"';
  create table account (id serial primary key, person bigint not null references person on delete cascade, sum amount);
  create table "Odd name" ("Key" uuid primary key, val text collate "C");
  alter table account add constraint positive check (sum < 1000000) not valid;
  create index on account (person) where sum > 0;
  create index on person (label(name));
  create trigger touch before update on person for each row execute function touch();
  create view rich_people as select p.name, sum(a.sum) as sum from person p join account a on a.person = p.id group by p.name;
  create materialized view moods as select mood, count(*) from person group by mood;
  create sequence down increment -1 minvalue -100 maxvalue -1;
  create table notes (what text);
  create role app_of_pgbelt login password 'x';
  grant select, insert, update on all tables in schema public to app_of_pgbelt;
  grant usage on all sequences in schema public to app_of_pgbelt;
  insert into person (name, tags, doc) select 'p' || g, array['a', null], '{"b": 1}' from generate_series(1, 300) as g;
  insert into account (person, sum) select id, id from person;
  insert into "Odd name" values (gen_random_uuid(), 'x');
  insert into notes values ('one'), ('two');
  refresh materialized view moods;
  select nextval('down')`

/** As pgbelt loads it: neither owners nor grants, and without indexes and NOT VALID constraints. */
async function loadAsPgbelt(source: TestDatabase, target: TestDatabase, to: DebianMajor): Promise<void> {
  const url = `postgres://${source.user}:${source.password}@${source.host}:${String(source.port)}/${source.database}`
  const dump = await runProgram(await pgDumpFor(to), ['-s', '-O', '-x', '-n', 'public', '-d', url])
  expect(dump.code, dump.stderr).toBe(0)
  const statements = dump.stdout
    .split(/;\n\n/)
    .map((part) => part.replaceAll(/^(--.*|\\.*)$/gm, '').trim())
    .filter((part) => !/CREATE (UNIQUE )?INDEX|NOT VALID|CREATE SCHEMA|ON SCHEMA public|^\\/.test(part) && part !== '')
  await sql(target, `${statements.join(';\n')}; set search_path = public; refresh materialized view moods`)
}

test.each([
  [13, 15],
  [15, 17],
] as const)('takes a rich schema over as pgbelt loads it, and cuts over, from %i to %i', async (from, to) => {
  const { source, target } = await ownPair('rich', await withPglogical(from), await withPglogical(to))
  await sql(source, RICH)
  await loadAsPgbelt(source, target, to)
  const role = await pgbeltSetup({ source, target })
  await expect.poll(() => pgbeltReplicates(target), { timeout: 60_000 }).toBe(true)
  const life = await migration(
    { source, target },
    { replication: role, copyRoles: ['app_of_pgbelt'], spec: { engine: 'pglogical' } },
  )
  await life.ask('replicating')
  const adopted = await life.belt('adopt', '--yes')
  expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0)
  await life.reach('replicating')
  expect((await life.plan()).actions).toEqual([])
  expect((await life.belt('verify')).code).toBe(0)
  await sql(source, `update person set mood = 'happy' where id = 3; insert into notes values ('three')`)
  await life.reach('cutover')
  const app = { ...target, user: 'app_of_pgbelt', password: 'x' }
  await sql(app, `insert into person (name) values ('by the application')`)
  expect(await sql(app, 'select what from notes order by what')).toHaveLength(3)
  expect(await sql(target, `select from pg_indexes where tablename in ('person', 'account')`)).toHaveLength(5)
})

test('copies anew under the same names, cuts over, rolls back and leaves nothing behind', async () => {
  const { life, source, target } = await shop(13, 15)
  expect((await life.belt('adopt', '--yes', '--full')).code).toBe(0)
  await life.reach('replicating')
  const restart = await life.plan('--restart')
  expect(restart.actions.find((a) => a.kind === 'create-subscription')?.sql.join()).toContain("'pg1_pg2'")
  const restarted = await life.belt('apply', 'plan.json')
  expect(restarted.code, restarted.stdout + restarted.stderr).toBe(0)
  expect((await life.plan()).actions).toEqual([])
  await life.reach('cutover')
  expect(await sql(source, 'select s.sub_name::text as name from pglogical.subscription as s')).toEqual([
    { name: 'pg2_pg1' },
  ])
  await sql(target, `insert into customer (name) values ('on the target'); insert into audit values ('there')`)
  await life.reach('rolled-back')
  expect(await sql(source, `select from customer where name = 'on the target'`)).toHaveLength(1)
  expect(await sql(source, 'select from audit')).toHaveLength(2)
  await life.reach('absent')
  await expectNothingLeft(source, target)
})

test('goes on after a kill between the servers and a lost state, proves every row, cuts over and finishes', async () => {
  const { life, source, target } = await shop(15, 17)
  expect((await life.belt('adopt', '--yes')).code).toBe(0)
  // As a run leaves it that was killed before the second server.
  await sql(target, 'drop schema belt cascade')
  await rm(life.statePath)
  await rm(`${life.statePath}.log`, { force: true })
  expect((await life.belt('adopt', '--yes')).code).toBe(0)
  await life.reach('replicating')
  await rm(life.statePath)
  await rm(`${life.statePath}.log`, { force: true })
  const again = await life.reach('replicating')
  expect(again.actions.filter((a) => a.kind === 'create-subscription')).toEqual([])

  // A row that pgbelt's copy got wrong.
  await sql(target, `update customer set name = 'wrong' where id = 7`)
  const compared = await life.belt('verify')
  expect(compared.code, compared.stdout + compared.stderr).toBe(2)
  expect(compared.stdout).toContain('customer')
  await sql(target, `update customer set name = 'c7' where id = 7`)
  expect((await life.belt('verify')).code).toBe(0)

  await life.reach('cutover')
  await sql(target, `insert into customer (name) values ('on the target')`)
  const finished = await life.reach('finalized')
  expect(finished.actions.filter((a) => a.hazards.some((h) => h.code === 'adopted')).map((a) => a.id)).toContain(
    'drop.node.target',
  )
  expect(await sql(source, 'select from pg_replication_slots')).toEqual([])
  expect(await sql(target, 'select from pg_subscription')).toEqual([])
  for (const side of [source, target]) {
    expect(await sql(side, 'select from pglogical.node union all select from pglogical.subscription')).toEqual([])
    expect(await sql(side, `select from pg_roles where rolname = 'pglogical'`)).toHaveLength(1)
  }
})

test.each([
  [13, 15],
  [15, 17],
] as const)(
  'an adopted migration from %i to %i loses no commit over cutover, rollback and cutover',
  async (from, to) => {
    const { commits, pausesMs } = await ledgerLife(from * to, {
      from: await withPglogical(from),
      to: await withPglogical(to),
      engine: 'pglogical',
      takesOver: async (pair) => {
        const role = await pgbeltSetup(pair)
        await expect.poll(() => pgbeltReplicates(pair.target), { timeout: 60_000 }).toBe(true)
        return role
      },
    })
    expect(commits).toBeGreaterThan(150)
    expect(pausesMs).toHaveLength(3)
  },
)
