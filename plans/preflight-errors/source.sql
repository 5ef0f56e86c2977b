create role app_rw nologin;
create role reporting nologin;
create role belt_replication login replication superuser password 'another one than the spec gives';
create extension lo;

create table public.orders (id bigint primary key, total numeric);
grant select on public.orders to app_rw;
insert into public.orders select i, i from generate_series(1, 10) as i;
create table public.old_orders (id bigint primary key);
create view public.history as select id from public.orders union all select id from public.old_orders;
create table public.line (id bigint primary key, old bigint references public.old_orders);

-- The key holds a generated column.
create table public.slug (title text, slug text generated always as (lower(title)) stored, primary key (slug));

create publication everything for all tables;
select pg_catalog.lo_from_bytea(0, 'not replicated');

-- and then
alter system set max_slot_wal_keep_size = '1GB';

-- and then
select pg_catalog.pg_reload_conf();

-- fails
create unique index concurrently orders_parity_key on public.orders ((id % 2));
