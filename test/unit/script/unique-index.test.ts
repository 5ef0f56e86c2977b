import { expect, test } from 'vitest'
import { only } from './dump.js'

const ADD = 'ALTER TABLE ONLY public."T;"\n    ADD CONSTRAINT "u;" '

test.each([
  ['UNIQUE (a, "b;")', '(a, "b;")', ''],
  ['UNIQUE NULLS NOT DISTINCT (a) INCLUDE ("select")', '(a) INCLUDE ("select") NULLS NOT DISTINCT', ''],
  ["UNIQUE (a) WITH (fillfactor='70', deduplicate_items=off)", "(a) WITH (fillfactor='70', deduplicate_items=off)", ''],
  ['UNIQUE (a) DEFERRABLE', '(a)', ' DEFERRABLE'],
  ['UNIQUE (a) DEFERRABLE INITIALLY DEFERRED', '(a)', ' DEFERRABLE INITIALLY DEFERRED'],
])('%s becomes an index and a constraint that takes it over', async (constraint, index, deferrable) => {
  const { uniqueIndex } = await only('CONSTRAINT', `${ADD}${constraint}`)
  expect(uniqueIndex).toEqual({
    plain: `CREATE UNIQUE INDEX "u;" ON public."T;" USING btree ${index}`,
    concurrently: `CREATE UNIQUE INDEX CONCURRENTLY "u;" ON public."T;" USING btree ${index}`,
    attach: `${ADD}UNIQUE USING INDEX "u;"${deferrable}`,
  })
})

test.each(['UNIQUE (a, during WITHOUT OVERLAPS)', 'PRIMARY KEY (a)', 'EXCLUDE USING gist (a WITH =)'])(
  '%s cannot be made of an index',
  async (constraint) => {
    expect(await only('CONSTRAINT', `${ADD}${constraint}`)).not.toHaveProperty('uniqueIndex')
  },
)
