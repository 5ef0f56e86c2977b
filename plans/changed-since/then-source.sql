-- After stage replicating was reached: a release adds a table, and a column that the view now shows.
create table public.refund (id bigint primary key, orders bigint not null references public.orders, at timestamptz);
create index refund_orders_idx on public.refund (orders);
