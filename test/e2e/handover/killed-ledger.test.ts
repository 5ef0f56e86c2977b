import { expect, test } from 'vitest'
import { killedLedger } from './support/killed-ledger.js'

test('no commit is lost or doubled by a cutover under load that belt is killed in three times', async () => {
  const all = await killedLedger(2, {
    kill: { only: ['fence', 'drain', 'no-return'] },
    handovers: 1,
    spec: { cutover: { max_pause: '10m' } },
  })
  expect(all).toMatchObject({ kills: 3, givenUp: 0, missed: [] })
})
