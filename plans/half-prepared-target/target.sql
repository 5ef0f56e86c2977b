-- What a run that stopped half-way, and whose state file was lost, may leave: some objects, no state.
create table public.customer (
  id bigint not null,
  email text not null,
  joined timestamptz not null default now()
);
alter table public.customer alter column id add generated always as identity (
  sequence name public.customer_id_seq start with 1 increment by 1 no minvalue no maxvalue cache 1
);
create function public.no_refunds() returns trigger language plpgsql as $$
begin
  if new.total < old.total then raise exception 'no refunds'; end if;
  return new;
end $$;
create table public.orders (
  id bigint not null,
  customer bigint not null,
  total numeric(12,2),
  constraint orders_total_check check (total >= 0)
);
-- The same view: 15 and 17 print it differently, so nobody can tell from its text.
create view public.cheap as select * from public.orders where total < 10;
