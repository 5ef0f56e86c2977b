-- Meanwhile somebody drops an index on the target and lets a role in.
drop index public.orders_customer_idx;
create role curious login;
grant connect on database shop to curious;
