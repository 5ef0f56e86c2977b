export const SCHEMA = `
  create table orders (
    region text, id int, customer text not null, discount numeric not null default 0, secret text, primary key (region, id));
  create table line (
    region text, "order" int, nr int, what text, primary key (region, "order", nr), foreign key (region, "order") references orders);
  create table person (id int generated always as identity primary key, name text, ssn text);
  create table plain (id int primary key, body text);
  create table journal (what text, at timestamptz default now());
  insert into journal select 'j' || i from generate_series(1, 100) as i;
  create table box (id int primary key);
  create table item (region text, id int, box int references box, primary key (region, id));
  insert into box select generate_series(1, 10);
  insert into item select r, i, i from unnest(array['eu', 'us']) as r, generate_series(1, 10) as i;
  create table tally (id int primary key, n int);
  insert into tally select i, i from generate_series(1, 20) as i;
  insert into orders select r, i, 'c' || i, i, 's' || i from unnest(array['eu', 'us', 'eu;--']) as r, generate_series(1, 300) as i;
  insert into line select region, id, n, 'l' || n from orders, generate_series(1, 2) as n;
  insert into person (name, ssn) select 'p' || i, 'ssn' || i from generate_series(1, 200) as i;
  insert into plain select i, 'b' || i from generate_series(1, 50) as i`

export const SCOPE = {
  tables: {
    row_filters: {
      'public.orders': "region = 'eu' -- ours",
      'public.line': "line.region in ('eu')",
      'public.item': "region = 'eu'",
    },
    operations: { 'public.journal': ['insert'], 'public.tally': ['update', 'insert'] },
    column_lists: { 'public.orders': ['region', 'id', 'customer', 'discount'], 'public.person': ['name', 'id'] },
  },
}

/** What moves, as either side should have it. */
export const MOVED = `
  select
    (select string_agg(t::text, ',' order by t) from (select region, id, customer, discount from orders where region = 'eu') as t) as orders,
    (select string_agg(t::text, ',' order by t) from line as t where region = 'eu') as lines,
    (select string_agg(t::text, ',' order by t) from (select id, name from person) as t) as persons,
    (select string_agg(t::text, ',' order by t) from plain as t) as plain,
    (select string_agg(t::text, ',' order by t) from tally as t) as tally,
    (select string_agg(t::text, ',' order by t) from journal as t) as journal`
/** What stays on the source. */
export const STAYS = `
  select
    (select string_agg(t::text, ',' order by t) from orders as t where region <> 'eu') as orders,
    (select string_agg(t::text, ',' order by t) from line as t where region <> 'eu') as lines`
