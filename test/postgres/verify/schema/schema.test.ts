import { expect, test } from 'vitest'
import { indexCatalog } from '../../../../src/catalog/indexed.js'
import type { IndexedCatalog } from '../../../../src/catalog/indexed.js'
import type { Side } from '../../../../src/core/side.js'
import { inspectDatabase } from '../../../../src/inspect/inspect.js'
import { compareSchemas } from '../../../../src/verify/schema/compare-schemas.js'
import { sql, uniqueName, withClient } from '../../../support/databases.js'
import type { TestDatabase } from '../../../support/databases.js'
import { pair } from '../../../support/servers.js'
import type { DatabasePair } from '../../../support/servers.js'
import { withSession } from '../../inspect/connected.js'
import { dumpOf, scriptOf } from '../../script/dumped.js'

const STRUCTURE = (role: string): string => `
  create table t (id int primary key, v int, w int);
  create index t_v on t (v);
  create function f() returns trigger language plpgsql as 'begin return new; end';
  create trigger touched before update on t for each row execute function f();
  create sequence up; create sequence down increment -1; create sequence round maxvalue 9 cycle; create sequence idle;
  create materialized view m as select 1 as one;
  alter table t add constraint positive check (v > 0) not valid;
  grant select on t to ${role};`

async function catalogOf(database: TestDatabase, side: Side): Promise<IndexedCatalog> {
  const script = await scriptOf(await dumpOf(database))
  const signal = new AbortController().signal
  return indexCatalog(
    await withSession(database, (s) => inspectDatabase(s, { side }, () => Promise.resolve(script), signal)),
  )
}

async function findings(both: DatabasePair, roles: readonly string[]): Promise<readonly string[]> {
  const found = compareSchemas({
    source: await catalogOf(both.source, 'source'),
    target: await catalogOf(both.target, 'target'),
    includes: () => true,
    includesObject: () => true,
    roles,
  })
  return found.map((f) => `${f.what} ${f.problem}`).sort()
}

test.each([
  [13, 17],
  [15, 18],
] as const)('what is missing, invalid, disabled or behind on the target is named from %i to %i', async (from, to) => {
  const both = await pair(from, to, 'schema')
  const role = uniqueName('app')
  for (const database of [both.source, both.target]) {
    await sql(database, `create role ${role} login; ${STRUCTURE(role)}`)
  }
  await sql(
    both.source,
    `alter table t validate constraint positive; select nextval('up'), nextval('down'), nextval('round')`,
  )
  await sql(
    both.target,
    `alter table t validate constraint positive; select nextval('up'), nextval('up'), nextval('down'), nextval('down'), nextval('round')`,
  )
  expect(await findings(both, [role])).toEqual([])

  await sql(
    both.source,
    `select setval('up', 100), setval('down', -100), nextval('round'), nextval('idle'); create view only_here as select 1 as one`,
  )
  await sql(
    both.target,
    `
    alter table t disable trigger touched; refresh materialized view m with no data;
    alter table t drop constraint positive; alter table t add constraint positive check (v > 0) not valid;
    revoke select on t from ${role}; alter role ${role} connection limit 3; alter role ${role} set work_mem = '8MB';
    insert into t values (1, 5, 7), (2, 5, 7); create table stray (a int)`,
  )
  // A failed concurrent build leaves the index behind.
  await withClient(both.target, async (client) => {
    await client.query('drop index t_v')
    await expect(client.query('create unique index concurrently t_v on t (v)')).rejects.toThrow()
  })
  expect(await findings(both, [role])).toEqual([
    `${role} has connectionLimit 3 on the target and -1 on the source`,
    `${role} is set to work_mem = 8MB only on the target`,
    'constraint public.t.positive is NOT VALID on the target',
    `grant table public.t is not on the target: GRANT SELECT ON TABLE public.t TO ${role}`,
    'index public.t_v is INVALID on the target',
    'materialized view public.m is not populated on the target',
    'sequence public.down is at -2 on the target, behind -100 on the source',
    'sequence public.idle was never called on the target and is at 1 on the source',
    'sequence public.round is at 1 on the target, not at 2 on the source',
    'sequence public.up is at 2 on the target, behind 100 on the source',
    'table public.stray is only on the target',
    'trigger public.t.touched is disabled on the target and origin on the source',
    'view public.only_here is not on the target',
  ])
})
