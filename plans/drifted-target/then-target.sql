-- Meanwhile somebody changes a view on the target, alters a column there and drops an index.
create or replace view public.cheap as select * from public.orders where total < 20;
alter table public.customer alter column email drop not null;
drop index public.orders_customer_idx;
