create table public.document (id bigint primary key, tenant text not null, body text);
alter table public.document enable row level security;
create policy own_documents on public.document
  using (tenant = current_setting('app.tenant')) with check (tenant = current_setting('app.tenant'));
create policy readers on public.document for select to public using (body is not null);

-- Row security holds for the owner too.
create table public.secret_note (id bigint primary key, tenant text not null, note text);
alter table public.secret_note enable row level security, force row level security;
create policy own_notes on public.secret_note using (tenant = current_setting('app.tenant'));

insert into public.document select i, 't' || i % 3, 'x' from generate_series(1, 10) as i;
