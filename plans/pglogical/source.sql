create role shop_app login;
grant usage on schema public to shop_app;

create table public.customer (
  id bigint generated always as identity primary key,
  email text not null unique,
  joined timestamptz not null default now()
);

create table public.orders (
  id bigserial primary key,
  customer bigint not null references public.customer,
  total numeric(12,2) check (total >= 0)
);
create index orders_customer_idx on public.orders (customer);
grant select, insert, update, delete on all tables in schema public to shop_app;
grant usage on all sequences in schema public to shop_app;

create materialized view public.totals as
  select customer, sum(total) as total from public.orders group by customer;

insert into public.customer (email) select 'c' || i || '@example.org' from generate_series(1, 20) as i;
insert into public.orders (customer, total) select 1 + i % 20, i from generate_series(1, 200) as i;
refresh materialized view public.totals;

-- Without a key: pglogical would lose its updates and deletes.
create table public.audit_log (at timestamptz not null, what text);
insert into public.audit_log select now(), 'x' from generate_series(1, 10) as i;

-- Without a key either, but it takes new rows only.
create table public.login (at timestamptz not null default now(), who text);
insert into public.login (who) select 'c' || i from generate_series(1, 10) as i;

-- With a generated column: the first change of a row would crash the target.
create table public.price (id int primary key, net int not null, gross int generated always as (net * 2) stored);
insert into public.price (id, net) select i, i from generate_series(1, 10) as i;

-- Partitioned, on two levels: the leaves are in the set.
create table public.event (id bigint, at date, primary key (id, at)) partition by range (at);
create table public.event_2025 partition of public.event for values from ('2025-01-01') to ('2026-01-01');
create table public.event_2026 partition of public.event for values from ('2026-01-01') to ('2027-01-01')
  partition by list (id);
create table public.event_2026_first partition of public.event_2026 for values in (1);
create table public.event_2026_rest partition of public.event_2026 default;
insert into public.event values (1, '2025-06-01'), (1, '2026-06-01'), (2, '2026-06-01');
