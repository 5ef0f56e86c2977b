import { expect, test } from 'vitest'
import { ledgerLife } from './support/ledger-life.js'

test('every commit a client was told of is there once after cutover, rollback and a cutover that is killed, under load', async () => {
  const faults = ['after-sql:fence.source', 'after-record:drain.source', 'after-intent:no-return.target']
  const { commits, pausesMs } = await ledgerLife(1, {}, faults)
  expect(commits).toBeGreaterThan(150)
  expect(pausesMs).toHaveLength(3)
})
