-- Somebody replaces an index by a unique one, CONCURRENTLY; that fails on duplicates and leaves it INVALID.
drop index public.orders_customer_idx;

-- fails
create unique index concurrently orders_customer_idx on public.orders (customer);
