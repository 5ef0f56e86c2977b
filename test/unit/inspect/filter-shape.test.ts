import { expect, test } from 'vitest'
import { readFilterShape } from '../../../src/inspect/filter-shape.js'

test.each([
  ["region = 'eu' -- ours", []],
  [`"Région" in ('a;b', $$it's$$) and (id > 5 or id between 1 and 2)`, []],
  ['lower(region) = pg_catalog.upper(region)', ['lower', 'upper']],
  ['orders.region is not null', []],
])('%s is a condition', async (filter, functions) => {
  expect(await readFilterShape(filter)).toEqual({ functions })
})

test.each([
  ['id = 1) or (id = 2', /syntax error/],
  ['id = ', /syntax error/],
  ['id = 1; drop table t', /more than one condition/],
  ['id = 1 order by id', /more than one condition/],
  ['id = 1 limit 5', /more than one condition/],
  ['id = 1 union select 1', /more than one condition/],
  ['id in (select 1)', /subquery/],
  ['id > $1', /parameter/],
  ['at > current_date', /time or the user/],
  ['owner = current_user', /time or the user/],
])('%s is none', async (filter, problem) => {
  expect((await readFilterShape(filter)).problem).toMatch(problem)
})
