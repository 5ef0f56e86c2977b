-- Has a key: streams.
create table public.account (id bigint primary key, balance numeric not null);

-- No key: published with REPLICA IDENTITY FULL.
create table public.page_view (at timestamptz not null, path text not null);

-- No key, and identified in full already.
create table public.click (at timestamptz not null, button text);
alter table public.click replica identity full;

-- No key, and a type without equality: FULL could not find its rows.
create table public.event (at timestamptz not null, payload json);

-- No key, and the spec asks for a copy in the cutover's pause.
create table public.audit_log (at timestamptz not null, what text);

-- A key, but unlogged: nothing of it is in the log.
create unlogged table public.session (id uuid primary key, expires timestamptz);

-- A unique index over NOT NULL columns, chosen as identity.
create table public.country (code char(2) not null, name text);
create unique index country_code_key on public.country (code);
alter table public.country replica identity using index country_code_key;

insert into public.page_view select now(), '/' || i from generate_series(1, 10) as i;
insert into public.event select now(), '{}' from generate_series(1, 10) as i;
insert into public.audit_log select now(), 'x' from generate_series(1, 10) as i;
