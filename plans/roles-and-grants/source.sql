create role shop_owner nologin;
create role app_rw nologin;
comment on role app_rw is 'Reads and writes the shop';
create role reporting login password 'not-in-any-plan' connection limit 5 valid until '2027-01-01';
alter role reporting set statement_timeout = '30s';
create role app login password 'not-in-any-plan-either' noinherit;
grant app_rw to app;
grant shop_owner to app with admin option;

alter database shop set work_mem = '16MB';
alter database shop set search_path = shop, public;
alter database shop set statement_timeout = '60s';
alter role app in database shop set lock_timeout = '2s';
comment on database shop is 'The shop';
grant create on database shop to shop_owner;

create schema shop authorization shop_owner;
grant usage on schema shop to app_rw, reporting;
alter default privileges for role shop_owner in schema shop grant select, insert, update, delete on tables to app_rw;
alter default privileges for role shop_owner in schema shop grant select on tables to reporting;

set role shop_owner;
create table shop.item (id bigint primary key, name text not null, cost numeric);
grant select (id, name) on shop.item to reporting;
create sequence shop.ticket;
grant usage on sequence shop.ticket to app_rw;
create function shop.price(bigint) returns numeric language sql security definer
  as 'select cost * 2 from shop.item where id = $1';
revoke all on function shop.price(bigint) from public;
grant execute on function shop.price(bigint) to app_rw with grant option;
reset role;
