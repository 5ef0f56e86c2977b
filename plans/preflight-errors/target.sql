-- The table is there, with rows and another column, and somebody uses schema belt.
create table public.orders (id bigint primary key, total numeric, note text);
insert into public.orders values (1, 1, 'mine');
create schema belt;
create table belt.trousers (id int);
