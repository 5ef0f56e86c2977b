create table public.site (id int primary key, name text not null);

-- By range, one partition of which is split again by hash.
create table public.measure (
  site int not null references public.site,
  at date not null,
  value double precision,
  primary key (site, at)
) partition by range (at);
create table public.measure_2025 partition of public.measure for values from ('2025-01-01') to ('2026-01-01');
create table public.measure_2026 partition of public.measure for values from ('2026-01-01') to ('2027-01-01')
  partition by hash (site);
create table public.measure_2026_0 partition of public.measure_2026 for values with (modulus 2, remainder 0);
create table public.measure_2026_1 partition of public.measure_2026 for values with (modulus 2, remainder 1);
create table public.measure_rest partition of public.measure default;

create index measure_at_idx on public.measure (at);
-- An index of one partition alone.
create index measure_2025_value_idx on public.measure_2025 (value);

-- Without a key.
create table public.note (at date not null, note text) partition by list (at);
create table public.note_first partition of public.note for values in ('2026-01-01');

insert into public.site select i, 'site ' || i from generate_series(1, 10) as i;
insert into public.measure select 1 + i % 10, date '2025-01-01' + i, i from generate_series(1, 500) as i;
