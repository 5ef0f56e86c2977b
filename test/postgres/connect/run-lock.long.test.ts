import { expect, test } from 'vitest'
import { RunLockedError, withRunLock } from '../../../src/postgres/advisory-lock.js'
import { runLockKey } from '../../../src/postgres/lock-key.js'
import { freshDatabase } from '../../support/databases.js'
import { sharedServer } from '../../support/servers.js'
import { errorOf, noSignal, settingsFor } from './settings.js'

test('stays held after a cancel for as long as the work goes on', async () => {
  const database = await freshDatabase(await sharedServer(17))
  const key = runLockKey('cancelled')
  const cancel = new AbortController()
  await withRunLock(settingsFor(database), key, cancel.signal, async (lock) => {
    cancel.abort()
    // Longer than a cancelled session is given to end its statement.
    await new Promise((resolve) => setTimeout(resolve, 11_000))
    expect(lock.lost.aborted).toBe(false)
    const other = await errorOf(
      withRunLock(settingsFor(database), key, noSignal(), () => Promise.resolve(), { waitMs: 0 }),
    )
    expect(other).toBeInstanceOf(RunLockedError)
  })
  await withRunLock(settingsFor(database), key, noSignal(), () => Promise.resolve(), { waitMs: 0 })
})
