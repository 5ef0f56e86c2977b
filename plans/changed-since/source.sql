create table public.customer (
  id bigint generated always as identity primary key,
  email text not null unique,
  joined timestamptz not null default now()
);

create table public.orders (
  id bigint primary key,
  customer bigint not null references public.customer,
  total numeric(12,2) check (total >= 0)
);
create index orders_customer_idx on public.orders (customer);
comment on index public.orders_customer_idx is 'Orders of a customer';

create view public.cheap as select * from public.orders where total < 10;
create materialized view public.totals as
  select customer, sum(total) as total from public.orders group by customer;

create function public.no_refunds() returns trigger language plpgsql as $$
begin
  if new.total < old.total then raise exception 'no refunds'; end if;
  return new;
end $$;
create trigger no_refunds before update on public.orders
  for each row execute function public.no_refunds();

insert into public.customer (email) select 'c' || i || '@example.org' from generate_series(1, 20) as i;
insert into public.orders select i, 1 + i % 20, i from generate_series(1, 200) as i;
refresh materialized view public.totals;
