import { onTestFinished } from 'vitest'
import { withPglogical, type DebianMajor } from '../../../support/debian.js'
import { sql } from '../../../support/databases.js'
import { startWriters, type Writers } from '../../../support/writers.js'
import { withLog } from '../../down/support/down.js'
import { migration, type Migration } from '../../handover/support/migration.js'
import { ownPair } from '../../handover/support/servers.js'

/** Rows that come, change their values and go in each transaction, in a table that another refers to and in that one. */
const SCHEMA = (rows: number): string => `
  create table orders (id int primary key, v int not null, pad text);
  create table line (id int primary key, o int not null references orders, v int not null);
  create table other (id int primary key, v int not null);
  insert into orders select g, 0, repeat('x', 60) from generate_series(1, ${String(rows)}) as g;
  insert into line select g, g, 0 from generate_series(1, 500) as g;
  insert into other select g, 0 from generate_series(1, 50) as g;
  create function work(n int) returns void language plpgsql as $$ begin
    insert into other values (1 + n % 50, 1) on conflict (id) do update set v = other.v + 1;
    insert into orders values (1000000 + n, 0, 'new');
    update orders set v = v + 1 where id = 1 + n % 700;
    update orders set v = v + 1 where id = 1000000 + n - 3;
    delete from orders where id = 1000000 + n - 20 and n % 2 = 0;
    delete from orders where id = 700 + n;
    insert into line values (1000000 + n, 1 + n % 700, n);
  end $$`

export interface Busy {
  readonly life: Migration
  readonly writers: Writers
}

/** A migration by pglogical that streams, with clients that write to its source until they are stopped. */
export async function busy(
  name: string,
  from: DebianMajor,
  to: DebianMajor,
  { rows = 20_000, approve = [] }: { readonly rows?: number; readonly approve?: readonly string[] } = {},
): Promise<Busy> {
  const pair = await ownPair(name, await withPglogical(from), withLog(await withPglogical(to), 'stderr'))
  await sql(pair.source, SCHEMA(rows))
  const life = await migration(pair, { spec: { engine: 'pglogical' }, approve })
  await life.reach('replicating')
  const writers = startWriters(pair.source, 'select work($1)', { sessions: 3, pauseMs: 3 })
  onTestFinished(async () => {
    await writers.stop().catch(() => 0)
  })
  await writers.progress(30)
  return { life, writers }
}
