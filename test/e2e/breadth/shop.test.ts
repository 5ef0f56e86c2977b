import { expect, test } from 'vitest'
import { shopRows, shopSchema } from '../../../src/demo/shop.js'
import { sql, uniqueName } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { schemaOf, toReplay } from './support/dump.js'
import { move } from './support/move.js'
import { expectSameRows } from './support/rows.js'

test('the shop arrives as pg_dump | psql would make it, with every row, and stays in step', async () => {
  const { source, target } = await pair(15, 17, 'shop')
  for (const statement of [...shopSchema(uniqueName('app')), ...shopRows(0.1)]) await sql(source, statement)
  const shop = await move({ source, target, spec: { roles: { copy: ['shop_app', 'shop_reporting'] } } })
  const replay = await toReplay(source, target)
  await shop.apply()

  const reference = await replay()
  // Deliberate: belt gives a keyless table an identity on both sides.
  await sql(reference, 'alter table public.audit_log replica identity full')
  expect(await schemaOf(target)).toBe(await schemaOf(reference))
  await expectSameRows(source, target)

  await sql(source, CHANGES)
  await expectSameRows(source, target, ['public.sales_by_day'])

  expect(await shop.belt('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
  expect((await shop.plan()).plan.actions).toEqual([])
  expect(await shop.belt('drift')).toMatchObject({ code: 0 })
})

const CHANGES = `
  insert into public.customers (email, name) values ('new@example.com', 'New');
  update public.products set details = jsonb_build_object('long', (select string_agg(md5(i::text), '') from generate_series(1, 2000) i)) where sku = 'SKU-1';
  update public.products set price = price + 1 where sku = 'SKU-1';
  update public.order_items set quantity = quantity + 1 where order_id % 7 = 0;
  update public.audit_log set what = 'changed' where who = 'user3';
  delete from public.audit_log where who = 'user4';
  insert into public.page_views values ('2025-12-31', '/old', 1), ('2026-06-01', '/new', 2);
  update public.page_views set at = '2026-07-01' where url = '/old';
  delete from public.orders where id % 11 = 0;
  truncate billing.payments;
  insert into billing.payments (order_id, amount) select id, 5 from public.orders limit 3;`
