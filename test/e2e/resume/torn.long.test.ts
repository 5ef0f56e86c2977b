import { it } from 'vitest'
import { tearJournal } from './tear-journal.js'

it('recovers a journal that was torn at any of two thousand bytes', async () => {
  await tearJournal({ numRuns: 2_000, seed: 20261105 })
})
