import { expect, test } from 'vitest'
import { killHandovers } from './support/killed.js'

test('belt killed in a pause goes on when the same plan is applied again', async () => {
  const endings = await killHandovers((words) => {
    expect(words).toEqual(expect.arrayContaining(['fence', 'drain', 'stop.subscription', 'no-return', 'open']))
    return ['fence', 'stop.subscription', 'no-return']
  })
  expect(endings).toEqual(['went on', 'went on', 'went on'])
})
