import { expect, test } from 'vitest'
import { killHandovers } from './support/killed.js'

test('belt killed behind every action of a pause, at cutover and at rollback', async () => {
  const each = await killHandovers((words) => [...words, ...(words.length % 2 === 0 ? ['fence'] : []), ...words])
  expect(each.length).toBeGreaterThan(20)
})
