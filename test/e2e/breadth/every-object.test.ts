import { expect, test } from 'vitest'
import { everyObjectArrives } from './support/every-object.js'

test('every kind of object of a 15 arrives on a 17 as pg_dump | psql would make it', async () => {
  await everyObjectArrives(15, 17)
  expect.hasAssertions()
})
