/** Roles of the demo's application; `app` writes, `reporting` reads. */
export const SHOP_ROLES: readonly string[] = ['shop_app', 'shop_reporting']

/** A small online shop with what real databases have: two schemas, keys of every kind, a table without any, partitions, triggers, views. */
export function shopSchema(appPassword: string): readonly string[] {
  return [
    `create role shop_app login password '${appPassword}'`,
    `create role shop_reporting nologin`,
    `grant shop_reporting to shop_app`,
    `create schema billing authorization shop_app`,
    `create type public.order_status as enum ('new', 'paid', 'shipped', 'cancelled')`,
    `create domain public.email as text check (value ~ '@')`,
    `create table public.customers (
       id bigint generated always as identity primary key,
       email public.email not null unique,
       name text not null,
       since timestamptz not null default now())`,
    `create table public.products (
       sku text primary key,
       title text not null,
       price numeric(10,2) not null check (price > 0),
       tags text[] not null default '{}',
       details jsonb not null default '{}')`,
    `create table public.orders (
       id bigserial primary key,
       customer_id bigint not null references public.customers (id),
       status public.order_status not null default 'new',
       placed_at timestamptz not null default now(),
       touched_at timestamptz,
       note text)`,
    `create table public.order_items (
       order_id bigint not null references public.orders (id) on delete cascade,
       line int not null,
       sku text not null references public.products (sku),
       quantity int not null check (quantity > 0),
       price numeric(10,2) not null,
       total numeric(12,2) generated always as (quantity * price) stored,
       primary key (order_id, line))`,
    `create table billing.payments (
       id uuid primary key default md5(random()::text || clock_timestamp()::text)::uuid,
       order_id bigint not null references public.orders (id) on delete cascade,
       amount numeric(12,2) not null,
       paid_at timestamptz not null default now())`,
    `create table public.audit_log (at timestamptz not null default now(), who text not null, what text)`,
    `create table public.page_views (at timestamptz not null, url text not null, customer_id bigint, primary key (at, url)) partition by range (at)`,
    `create table public.page_views_old partition of public.page_views for values from (minvalue) to ('2026-01-01')`,
    `create table public.page_views_2026 partition of public.page_views for values from ('2026-01-01') to (maxvalue)`,
    `create index orders_customer_idx on public.orders (customer_id)`,
    `create index orders_open_idx on public.orders (placed_at) where status in ('new', 'paid')`,
    `create index products_tags_idx on public.products using gin (tags)`,
    `create index page_views_customer_idx on public.page_views (customer_id)`,
    `create function public.touch_order() returns trigger language plpgsql as $$
       begin new.touched_at := now(); return new; end $$`,
    `create trigger orders_touch before update on public.orders for each row execute function public.touch_order()`,
    `create view public.open_orders as
       select o.id, c.email, o.placed_at from public.orders o join public.customers c on c.id = o.customer_id
       where o.status in ('new', 'paid')`,
    `create materialized view public.sales_by_day as
       select date_trunc('day', o.placed_at) as day, sum(i.total) as total
       from public.orders o join public.order_items i on i.order_id = o.id group by 1`,
    `create unique index sales_by_day_idx on public.sales_by_day (day)`,
    `comment on table public.orders is 'One row an order; its items stand in order_items'`,
    ...['customers', 'products', 'orders', 'order_items', 'audit_log', 'page_views'].map(
      (table) => `alter table public.${table} owner to shop_app`,
    ),
    `alter table billing.payments owner to shop_app`,
    `grant usage on schema billing to shop_reporting`,
    `grant select on all tables in schema public, billing to shop_reporting`,
  ]
}

/** Rows to begin with: `scale` 1 makes some 60,000 rows. */
export function shopRows(scale: number): readonly string[] {
  const customers = Math.round(2000 * scale)
  const orders = Math.round(10_000 * scale)
  return [
    `insert into public.customers (email, name, since)
       select 'customer' || i || '@example.com', 'Customer ' || i, timestamptz '2024-01-01' + i * interval '3 hours'
       from generate_series(1, ${customers}) i`,
    `insert into public.products (sku, title, price, tags, details)
       select 'SKU-' || i, 'Product ' || i, 1 + i % 90, array['tag' || i % 7, 'tag' || i % 11], jsonb_build_object('weight', i % 50)
       from generate_series(1, 500) i`,
    `insert into public.orders (customer_id, status, placed_at)
       select 1 + i % ${customers}, (array['new', 'paid', 'shipped', 'cancelled'])[1 + i % 4]::public.order_status,
         timestamptz '2025-06-01' + i * interval '11 minutes'
       from generate_series(1, ${orders}) i`,
    `insert into public.order_items (order_id, line, sku, quantity, price)
       select i, line, 'SKU-' || 1 + (i + line) % 500, 1 + line % 3, 5 + i % 40
       from generate_series(1, ${orders}) i, generate_series(1, 3) line`,
    `insert into billing.payments (order_id, amount)
       select id, 10 + id % 90 from public.orders where status in ('paid', 'shipped')`,
    `insert into public.audit_log (who, what) select 'user' || i % 9, 'did ' || i from generate_series(1, 5000) i`,
    `insert into public.page_views (at, url, customer_id)
       select timestamptz '2025-10-01' + i * interval '10 minutes', '/p/' || i, i % ${customers}
       from generate_series(1, ${orders}) i`,
    `refresh materialized view public.sales_by_day`,
    `analyze`,
  ]
}
