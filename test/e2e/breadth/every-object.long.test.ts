import { expect, test } from 'vitest'
import { everyObjectArrives } from './support/every-object.js'

test.each([
  [13, 18],
  [12, 17],
  [14, 16],
  [17, 18],
  [18, 18],
] as const)('every kind of object of a %i arrives on a %i as pg_dump | psql would make it', async (from, to) => {
  await everyObjectArrives(from, to, from === 18 ? DEFERRED_FROM_18 : '')
  expect.hasAssertions()
})

const DEFERRED_FROM_18 = `
  alter table every.loose_null drop constraint b_given;
  alter table every.loose_parts drop constraint loose_egg;`
