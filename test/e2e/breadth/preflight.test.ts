import { expect, onTestFinished, test } from 'vitest'
import { ownServer, pair, sharedServer } from '../../support/servers.js'
import { freshDatabase, sql, uniqueName, type TestDatabase } from '../../support/databases.js'
import { schemaOf } from './support/dump.js'
import { move, type Finding, type MoveOptions } from './support/move.js'
import { rowsOf } from './support/rows.js'

test('a source and a target that are not fit for it are refused with every reason at once', async () => {
  const [one, other] = await Promise.all([
    ownServer({ major: 15, settings: { wal_level: 'replica' } }),
    ownServer({
      major: 17,
      settings: {
        max_replication_slots: '0',
        max_logical_replication_workers: '1',
        max_worker_processes: '2',
        max_wal_senders: '2',
      },
    }),
  ])
  onTestFinished(() => Promise.all([one.stop(), other.stop()]).then(() => undefined))
  const source = await freshDatabase(one, 'unfit')
  const target = await freshDatabase(other, 'unfit')
  await sql(source, 'create table public.a (id integer primary key)')
  const found = await refused({ source, target })
  const wanted: readonly (readonly [code: string, side: string, fix: string])[] = [
    ['wal-level', 'source', 'alter system set wal_level = logical'],
    ['replication-slots', 'target', 'max_replication_slots = '],
    ['replication-workers', 'target', 'max_logical_replication_workers = '],
    ['worker-processes', 'target', 'max_worker_processes = '],
    ['replication-origins', 'target', 'max_replication_slots = '],
  ]
  for (const [code, side, fix] of wanted) {
    expect(found).toContainEqual({ code, side, fix: expect.stringContaining(fix) as string })
  }
})

test('objects, roles and rows that cannot move are refused with every reason at once', async () => {
  const { source, target } = await pair(15, 17, 'unfit')
  const owner = uniqueName('unknown_owner')
  const reader = uniqueName('unknown_reader')
  await sql(
    source,
    `
    create role ${owner}; create role ${reader};
    create table public.owned (id integer primary key); alter table public.owned owner to ${owner};
    create table public.filled (id integer primary key); grant select on public.filled to ${reader};
    create table public.generated (a integer not null, b integer generated always as (a + 1) stored not null);
    create unique index generated_b on public.generated (b); alter table public.generated replica identity using index generated_b;
    create table public.hidden (id integer primary key);
    create view public.outside as select id from public.hidden;
    create publication everything for all tables;
    select lo_from_bytea(0, 'large')`,
  )
  await sql(
    target,
    `create table public.filled (id integer primary key); insert into public.filled values (1);
    create schema belt; create table belt.buckle (id integer)`,
  )
  const found = await refused({
    source,
    target,
    spec: { roles: { copy: [reader, 'nobody_by_that_name'] }, scope: { tables: { exclude: ['public.hidden'] } } },
  })
  const wanted: readonly (readonly [code: string, side: string, fix: string])[] = [
    ['role-missing', 'target', owner],
    ['role-unknown', 'source', 'roles.copy'],
    ['large-objects', 'source', 'bytea'],
    ['target-not-empty', 'target', 'empty public.filled by hand'],
    ['all-tables-publication', 'source', 'drop publication everything'],
    ['view-outside', 'source', 'schema_only'],
    ['generated-identity', 'source', 'copy_at_cutover'],
    ['belt-schema-taken', 'target', 'Rename'],
  ]
  for (const [code, side, fix] of wanted) {
    expect(found).toContainEqual({ code, side, fix: expect.stringContaining(fix) as string })
  }
})

test('an extension that the target server does not have, and databases of another encoding', async () => {
  const [one, other] = await Promise.all([sharedServer(17), sharedServer(15)])
  const source = await freshDatabase(one, 'extended')
  const name = uniqueName('latin')
  await sql({ ...source, database: 'postgres' }, 'select 1')
  await sql(
    { ...(await freshDatabase(other, 'x')), database: 'postgres' },
    `create database ${name} template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`,
  )
  // In contrib of 16 and later only in this shape: 15 knows no such extension.
  await sql(source, 'create extension pg_walinspect; create table public.a (id integer primary key)')
  await sql(source, `update pg_catalog.pg_extension set extname = 'only_here' where extname = 'pg_walinspect'`)
  const target: TestDatabase = {
    ...source,
    server: other,
    host: other.host,
    port: other.port,
    user: other.user,
    password: other.password,
    database: name,
  }
  const found = await refused({ source, target })
  expect(found).toContainEqual({
    code: 'extension-missing',
    side: 'target',
    fix: expect.stringContaining('Install') as string,
  })
  expect(found).toContainEqual({
    code: 'encoding-differs',
    side: 'target',
    fix: expect.stringContaining('encoding UTF8') as string,
  })
})

/** Both ways to be refused: exit 1 (plan) and 3 (apply), nothing to do, the reasons shown with their fixes, and nothing changed. */
async function refused(options: MoveOptions): Promise<readonly Pick<Finding, 'code' | 'side' | 'fix'>[]> {
  const { source, target } = options
  // Roles belong to the whole server, where other tests make some meanwhile.
  const replication = { name: uniqueName('unfit_repl'), password: uniqueName('repl-secret') }
  const before = [await stateOf(source), await stateOf(target)]
  const moved = await move({ ...options, replication })
  const made = await moved.plan()
  expect(made).toMatchObject({ applicable: false, plan: { actions: [] } })
  const errors = made.plan.diagnostics.filter((d) => d.severity === 'error')
  const tries = [
    { args: ['plan', '--out', 'plan.json'], exit: 1 },
    { args: ['apply', '--yes'], exit: 3 },
  ]
  for (const { args, exit } of tries) {
    const { code, stdout, stderr } = await moved.belt(...args)
    expect(code).toBe(exit)
    const said = (stdout + stderr).replaceAll(/\s+/g, ' ')
    for (const { message, fix = '' } of errors) {
      expect(said).toContain(message.replaceAll(/\s+/g, ' '))
      expect(said).toContain(fix.replaceAll(/\s+/g, ' '))
    }
  }
  expect([await stateOf(source), await stateOf(target)]).toEqual(before)
  return errors.map(({ code, side, fix }) => ({
    code,
    ...(side === undefined ? {} : { side }),
    ...(fix === undefined ? {} : { fix }),
  }))
}

async function stateOf(database: TestDatabase): Promise<unknown> {
  const login = { ...database }
  const objects = await sql(
    login,
    `
    select (select json_agg(r.rolname order by 1) from pg_catalog.pg_roles as r where r.rolname ~ '^unfit_repl') as roles,
      (select json_agg(s.slot_name order by 1) from pg_catalog.pg_replication_slots as s where database = current_database()) as slots,
      (select d.datacl::text from pg_catalog.pg_database as d where d.datname = current_database()) as acl`,
  )
  // An extension that is not there cannot be dumped.
  const dump = database.database.startsWith('extended') ? '' : await schemaOf(database, [])
  return {
    objects: database.database.startsWith('unfit') ? objects[0]?.['slots'] : objects,
    dump,
    rows: await rowsOf(database),
  }
}
