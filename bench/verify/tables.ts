/** Tables with the sorts of keys and rows that make a difference, filled alike on both sides. About 290 bytes a row. */
export const TABLES = ['orders', 'lines', 'events', 'codes', 'logs', 'documents'] as const

/** @param rows of the biggest table; the others have a part of it. */
export function fill(rows: number): string {
  const count = (part: number): string => String(Math.round(rows * part))
  return `
    create table orders (
      id bigint primary key, customer int not null, created timestamptz not null, amount numeric(12,2), status text,
      note text, ext uuid, flag boolean, meta jsonb);
    insert into orders
    select g, (g::bigint * 7919) % 100000, '2020-01-01Z'::timestamptz + g * interval '13 seconds', (g % 100000) / 100.0,
      (array['new', 'paid', 'shipped', 'done'])[1 + g % 4], case when g % 3 = 0 then null else repeat(md5(g::text), 2) end,
      md5(g::text)::uuid, g % 2 = 0, jsonb_build_object('a', g, 'tags', array[g % 7, g % 11])
    from generate_series(1, ${count(1)}) as g;
    create table lines (order_id bigint, line int, product int, price numeric, quantity real, primary key (order_id, line));
    insert into lines select g / 4, g % 4, g % 5000, g / 7.0, g / 3.0 from generate_series(1, ${count(1)}) as g;
    create table events (id uuid primary key, at timestamp, kind text, payload jsonb);
    insert into events select md5(g::text || 'e')::uuid, '2020-01-01'::timestamp + g * interval '1 second', 'kind ' || g % 20,
      jsonb_build_object('n', g, 'text', repeat('x', g % 100)) from generate_series(1, ${count(0.5)}) as g;
    create table codes (code text primary key, value double precision);
    insert into codes select 'Code-' || md5(g::text), sqrt(g) from generate_series(1, ${count(0.25)}) as g;
    create table logs (at timestamptz, level smallint, message text);
    insert into logs select '2020-01-01Z'::timestamptz + g * interval '1 second', g % 5, 'message number ' || g
    from generate_series(1, ${count(0.5)}) as g;
    create table documents (id int primary key, body text, scan bytea);
    insert into documents
    select g, (select string_agg(md5(g::text || i::text), ' ') from generate_series(1, 300) as i), decode(repeat(md5(g::text), 60), 'hex')
    from generate_series(1, ${count(0.005)}) as g;`
}
