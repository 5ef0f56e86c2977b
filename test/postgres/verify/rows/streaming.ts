import { expect } from 'vitest'
import type { VerifyInput } from '../../../../src/verify/rows/verify-input.js'
import { sql } from '../../../support/databases.js'
import type { TestDatabase } from '../../../support/databases.js'
import { freshDatabase } from '../../../support/databases.js'
import type { EmbeddedServer } from '../../../../src/embedded/server.js'
import { settingsFor } from '../../connect/settings.js'

export interface Streamed {
  readonly source: TestDatabase
  readonly target: TestDatabase
  readonly input: Pick<VerifyInput, 'connections' | 'tables' | 'streaming'>
  /** Apply stands still until `use` ends: that much lag. */
  lagging(use: () => Promise<void>): Promise<void>
  drop(): Promise<void>
}

/** Keys in an order of somebody's own are compared by buckets. */
const SCHEMA = `
  create collation any_case (provider = icu, locale = 'en-u-ks-level2', deterministic = false);
  create table ranged (id bigint primary key, counter int not null, word text);
  create table composite (tenant int, id int, note text, primary key (tenant, id));
  create table worded (code text collate any_case primary key, counter int not null);
  create table keyless (a int, b text);
  alter table keyless replica identity full;
  create table hot (id int primary key, counter int not null, filler text);`

const ROWS = `
  insert into ranged select g, 0, 'w' || g from generate_series(1, 20000) as g;
  insert into composite select g % 20, g, md5(g::text) from generate_series(1, 5000) as g;
  insert into worded select 'Code ' || g, 0 from generate_series(1, 5000) as g;
  insert into keyless select g % 500, 'b' from generate_series(1, 2000) as g;
  insert into hot select g, 0, 'f' from generate_series(1, 5) as g;`

export const TABLES = ['ranged', 'composite', 'worded', 'keyless', 'hot'] as const

export async function streamed(from: EmbeddedServer, to: EmbeddedServer): Promise<Streamed> {
  const source = await freshDatabase(from, 'stream')
  const target = await freshDatabase(to, 'stream')
  for (const database of [source, target]) await sql(database, SCHEMA)
  await sql(source, `${ROWS} create publication p for table ${TABLES.join(', ')}`)
  const dsn = `host=${from.host} port=${String(from.port)} dbname=${source.database} user=${from.user} password=${from.password}`
  const slot = source.database
  await sql(target, `create subscription ${slot} connection '${dsn}' publication p`)
  await expect.poll(() => sql(target, `select from pg_subscription_rel where srsubstate <> 'r'`)).toEqual([])
  return {
    source,
    target,
    input: {
      connections: { source: settingsFor(source), target: settingsFor(target) },
      tables: TABLES.map((name) => ({ schema: 'public', name, mode: 'stream' })),
      streaming: { publisher: 'source', slot },
    },
    lagging: async (use) => {
      await sql(target, `alter subscription ${slot} disable`)
      try {
        await use()
      } finally {
        await sql(target, `alter subscription ${slot} enable`)
      }
    },
    drop: async () => {
      await sql(target, `drop subscription ${slot}`)
    },
  }
}

/** One round of an application: updates, inserts, deletes, a changed key, rows that come and go. `$1` is the round. */
export const WRITES = `
  with r as (select $1::int as n), moved as (
    update composite set id = id + 100000 where (tenant, id) = (select n % 20, n % 4000 from r) and id < 100000
  ), counted as (
    update ranged set counter = counter + 1 where id in (select (n * 7919) % 14000 + 1 from r union all select n % 50 + 1 from r)
  ), gone as (
    delete from ranged where id = (select 100000 + n - 30 from r)
  ), come as (
    insert into ranged select 100000 + n, 0, 'new' from r
  ), words as (
    update worded set counter = counter + 1 where code = (select 'Code ' || (n * 31) % 4000 from r)
  ), less as (
    delete from keyless where ctid in (select k.ctid from keyless as k, r where k.a = n % 500 limit 1)
  ), more as (
    insert into keyless select n % 500, 'b' from r
  )
  update hot set counter = counter + 1 where id = (select n % 5 + 1 from r)`
