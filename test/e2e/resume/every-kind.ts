import { quoteIdent } from '../../../src/core/quote.js'
import { sql, uniqueName, type TestDatabase } from '../../support/databases.js'

/** Roles of the whole server, so their names are unique. */
export interface KindRoles {
  readonly owner: string
  readonly reader: string
}

/** A small database for which a plan holds every kind of action but the refresh of a subscription. */
export async function everyKind(source: TestDatabase): Promise<KindRoles> {
  const roles = { owner: uniqueName('app_owner'), reader: uniqueName('app_reader') }
  const [owner, reader] = [quoteIdent(roles.owner), quoteIdent(roles.reader)]
  await smallShop(source)
  await sql(
    source,
    `create role ${owner} login password 'owner-password-1';
     create role ${reader};
     grant ${reader} to ${owner};
     alter database ${quoteIdent(source.database)} set work_mem = '5MB';
     comment on database ${quoteIdent(source.database)} is 'a small shop';
     grant select on orders to ${reader}`,
  )
  return roles
}

/** Tables with and without rows and a key, indexes, a foreign key, a trigger and a materialized view; no roles. */
export async function smallShop(source: TestDatabase): Promise<void> {
  await sql(source, SHOP)
}

const SHOP = `
  create table customer (id bigint generated always as identity primary key, email text not null unique);
  create table orders (id bigint primary key, customer bigint not null references customer, total numeric not null);
  comment on table orders is 'what was bought';
  create index orders_customer_idx on orders (customer);
  create table waiting (id bigint primary key, note text);
  create index waiting_note_idx on waiting (note);
  create table audit (at timestamptz not null, what text);
  create function note() returns trigger language plpgsql as 'begin return new; end';
  create trigger noted after insert on orders for each row execute function note();
  insert into customer (email) select 'c' || i from generate_series(1, 100) as i;
  insert into orders select i, 1 + i % 100, i from generate_series(1, 1000) as i;
  insert into audit select now(), 'x' || i from generate_series(1, 50) as i;
  create materialized view totals as select customer, sum(total) as total from orders group by customer`

/** Builds every index of a table with rows CONCURRENTLY, and that of an empty one plainly. */
export const CONCURRENT_INDEXES = 'indexes: { max_stall: 0s }'
