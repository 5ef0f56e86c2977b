import { expect, test } from 'vitest'
import { ledgerLife } from './support/ledger-life.js'

test('every commit a client was told of is there once after cutover, rollback and cutover under load', async () => {
  const { commits, pausesMs } = await ledgerLife(1)
  expect(commits).toBeGreaterThan(150)
  expect(pausesMs).toHaveLength(3)
})
