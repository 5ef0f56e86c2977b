-- Every kind of object that a schema dump can hold and that exists on 12 to 18. {{role}} is a role of the test's own.
create schema app;
create schema "Weird ""schema""; drop table x; --";
comment on schema app is 'the application''s own; \restrict is no command here';

create extension pg_trgm with schema app;
create extension postgres_fdw;

create type app.mood as enum ('sad', 'it''s ok', 'happy');
create type app.pair as (left_part integer, right_part text collate "C");
create type app.span as range (subtype = float8, subtype_diff = float8mi);
create domain app.positive as integer default 1 not null constraint positive_check check (value > 0);
create collation app.digits (provider = icu, locale = 'en-u-kn');
comment on type app.mood is 'how a customer feels';

create function app.add_tax(amount numeric, rate numeric default 0.19) returns numeric
  language sql immutable parallel safe as $$ select amount * (1 + rate) $$;
create function app.tricky() returns text language plpgsql as $body$
begin
  /* GRANT all; CREATE INDEX x; NOT VALID;
\restrict looks like a command
\unrestrict looks like one too
  */
  return 'a;b' || E'\\' || '$$';
end
$body$;
create procedure app.clean(inout removed integer) language plpgsql as $$ begin removed := 0; end $$;
create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.on_ddl() returns event_trigger language plpgsql as $$ begin null; end $$;
create function app.sum_step(state bigint, value integer) returns bigint language sql immutable as 'select state + value';
create aggregate app.total(integer) (sfunc = app.sum_step, stype = bigint, initcond = '0');
create function app.close_to(integer, integer) returns boolean language sql immutable as 'select abs($1 - $2) < 2';
create operator app.=~= (leftarg = integer, rightarg = integer, function = app.close_to, commutator = operator(app.=~=));
create operator family app.int_family using btree;
create operator class app.int_abs for type integer using btree family app.int_family as
  operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
create function app.mood_rank(app.mood) returns integer language sql immutable as 'select 1';
create cast (app.mood as integer) with function app.mood_rank(app.mood);
create conversion app.to_utf8 for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create text search dictionary app.plain_words (template = pg_catalog.simple);
create text search configuration app.words (copy = pg_catalog.english);
alter text search configuration app.words alter mapping for asciiword with app.plain_words;

create table app.customers (
  id bigint generated always as identity (start with 10 increment by 5) primary key,
  code text collate "C" not null unique deferrable initially deferred,
  feels app.mood default 'it''s ok',
  home app.pair,
  valid app.span,
  size app.positive,
  total numeric(12, 2) generated always as (2 * 21) stored,
  notes text,
  constraint no_overlap exclude using gist (valid with &&)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
alter table app.customers alter column notes set storage external;
alter table app.customers alter column code set statistics 500;
alter table app.customers alter column code set (n_distinct = 100);
alter table app.customers replica identity full;
comment on column app.customers.notes is E'two\nlines and a \\ and ünïcödé 😀';
comment on constraint no_overlap on app.customers is 'spans are disjoint';

create table app.orders (
  id serial primary key,
  customer bigint not null references app.customers on delete cascade,
  placed timestamptz not null default now(),
  amount numeric check (amount >= 0)
);
alter table app.orders add constraint amount_known check (amount is not null) not valid;
create unique index orders_identity on app.orders (customer, id);
alter table app.orders replica identity using index orders_identity;
create index orders_expression on app.orders ((amount * 2) desc nulls last) include (placed) where amount > 10;
create index customers_notes on app.customers using gin (notes app.gin_trgm_ops);
alter table app.customers cluster on customers_pkey;
create statistics app.orders_stats (dependencies, ndistinct) on customer, placed from app.orders;
create trigger touched before update of amount on app.orders for each row when (old.amount is distinct from new.amount)
  execute function app.touch();
create trigger always_on after insert on app.orders referencing new table as fresh for each statement
  execute function app.touch();
alter table app.orders enable always trigger always_on;
create trigger switched_off before insert on app.orders for each row execute function app.touch();
alter table app.orders disable trigger switched_off;

create table app.events (id bigint, at date not null, kind text) partition by range (at);
create table app.events_old partition of app.events for values from (minvalue) to ('2020-01-01');
create table app.events_new partition of app.events for values from ('2020-01-01') to (maxvalue) partition by list (kind);
create table app.events_click partition of app.events_new for values in ('click');
create table app.events_other partition of app.events_new default;
create index events_at on app.events (at);
create table app.animal (name text not null, legs integer default 4);
create table app.bird (wings integer) inherits (app.animal);
alter table app.bird alter column legs set default 2;
create unlogged table app.scratch (x integer);
create table app.of_pair of app.pair (primary key (left_part));

create sequence app.down as smallint increment -1 minvalue -100 maxvalue -1 start -1 cache 5 cycle;
select setval('app.down', -7, false);
create view app.rich with (security_barrier) as select id, code from app.customers where size > 5 with local check option;
create view app.circle as select 1 as a;
create materialized view app.summary as select customer, sum(amount) as amount from app.orders group by customer with no data;
create unique index summary_key on app.summary (customer);
create rule no_delete as on delete to app.animal do instead nothing;
create rule log_update as on update to app.orders do also notify big_order;

alter table app.customers enable row level security;
alter table app.customers force row level security;
create policy own_rows on app.customers as restrictive for select to {{role}} using (code = current_user);
create policy all_rows on app.customers using (true) with check (id > 0);

create foreign data wrapper idle;
create server elsewhere type 'postgres' version '17' foreign data wrapper postgres_fdw options (host 'h', dbname 'd''b');
create user mapping for {{role}} server elsewhere options (user 'u', password 'mapping-secret');
create foreign table app.remote (id integer options (column_name 'key'), label text) server elsewhere options (table_name 't');

create event trigger watch_ddl on ddl_command_end when tag in ('CREATE TABLE') execute function app.on_ddl();
create transform for app.pair language sql (from sql with function prsd_lextype(internal));

grant usage on schema app to {{role}};
grant select, insert (id, placed), update (amount) on app.orders to {{role}} with grant option;
grant execute on function app.add_tax(numeric, numeric) to {{role}};
revoke execute on function app.touch() from public;
grant usage on sequence app.down to {{role}};
grant usage on foreign server elsewhere to {{role}};
alter default privileges in schema app grant select on tables to {{role}};
alter default privileges for role {{role}} revoke execute on functions from public;
alter table app.bird owner to {{role}};
alter function app.tricky() owner to {{role}};

create table "Weird ""schema""; drop table x; --"."SELECT; -- 'x'" (
  "Column ""a""" integer primary key, "select" text default E'x\\''y', "ünï 😀" jsonb default '{"a": "\\restrict"}');
create publication everything for table app.orders;
select pg_catalog.lo_create(424242);
