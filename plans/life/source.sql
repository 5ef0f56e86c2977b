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

-- Copied inside the pause: nobody could find its rows by REPLICA IDENTITY FULL.
create table public.event (at timestamptz not null, payload json);
insert into public.event select now(), '{}' from generate_series(1, 10) as i;

-- Added inside the pause: an older row breaks it.
alter table public.orders add constraint total_small check (total < 150) not valid;

-- Disabled on the side that applies, enabled where the applications write.
create table public.audit_log (id bigserial primary key, what text not null);
create function public.audit() returns trigger language plpgsql as $$
begin
  insert into public.audit_log (what) values (tg_table_name);
  return null;
end $$;
create trigger audit after insert on public.orders for each row execute function public.audit();
alter table public.orders enable always trigger audit;
