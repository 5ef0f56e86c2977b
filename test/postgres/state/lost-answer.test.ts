import { expect, test } from 'vitest'
import { withConnection } from '../../../src/postgres/connect.js'
import { inTransaction } from '../../../src/postgres/transaction.js'
import { freshDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { noSignal, settingsFor } from '../connect/settings.js'
import { done, opened, running, storeIn } from './stores.js'

test('a state on the target is the same here and there when something is noted while the answer to a commit is missing', async () => {
  const target = await freshDatabase(await sharedServer(17), 'state')
  const state = await opened(storeIn(target))
  await state.append(running('a'))
  await withConnection(settingsFor(target), noSignal(), async (session) => {
    const { commitWith } = state
    if (commitWith === undefined) throw new Error('a state on the target commits together')
    const ending = (commit: () => Promise<'committed' | 'rolled back'>) =>
      commitWith(session, done('a'), async () => {
        await commit()
        throw new Error('connection lost')
      })
    const lost = inTransaction(session, { ending }, () => session.exec('select'))
    await expect(lost).rejects.toThrow('connection lost')
  })
  await state.append({ kind: 'action-failed', action: 'a', plan: 'p', run: 'r', at: 't9', error: 'connection lost' })
  expect(state.current().actions['a']?.status).toBe('failed')
  expect(await storeIn(target).read()).toEqual(state.current())
  await state.close()
})
