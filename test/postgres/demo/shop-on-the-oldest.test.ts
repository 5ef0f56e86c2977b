import { expect, test } from 'vitest'
import { shopRows, shopSchema } from '../../../src/demo/shop.js'
import { freshDatabase, sql } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'

test('the shop of the demo can be made on the oldest major that --from takes', async () => {
  const shop = await freshDatabase(await sharedServer(12), 'oldest')
  for (const statement of [...shopSchema('x'), ...shopRows(0.01)]) await sql(shop, statement)
  expect(await sql(shop, 'select count(distinct id)::int4 as n from billing.payments')).toEqual([{ n: 50 }])
})
