create table public.customer (id bigint primary key, email text);
create table public.orders (id bigint primary key, customer bigint, total numeric);
insert into public.orders values (1, 99, -5);

-- The old rows break both: they were added NOT VALID.
alter table public.orders add constraint total_positive check (total >= 0) not valid;
comment on constraint total_positive on public.orders is 'Holds for new rows';
alter table public.orders add constraint orders_customer_fkey
  foreign key (customer) references public.customer not valid;

create function public.log_change() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger always_logged after insert on public.orders for each row execute function public.log_change();
alter table public.orders enable always trigger always_logged;
create trigger on_replica after insert on public.orders for each row execute function public.log_change();
alter table public.orders enable replica trigger on_replica;
create trigger switched_off after insert on public.orders for each row execute function public.log_change();
alter table public.orders disable trigger switched_off;
create trigger plain after insert on public.orders for each row execute function public.log_change();

create function public.no_drops() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger no_drops on sql_drop execute function public.no_drops();
alter database shop set default_transaction_read_only = off;
