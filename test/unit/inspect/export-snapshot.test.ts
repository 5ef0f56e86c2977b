import { expect, test } from 'vitest'
import { exportSnapshot } from '../../../src/inspect/export-snapshot.js'
import { SqlError } from '../../../src/postgres/server-error.js'
import type { Session } from '../../../src/postgres/session.js'

function refusing(sqlState: string): Session {
  const message = 'could not write to file "pg_snapshots/1.tmp": No space left on device'
  const one = (): Promise<never> => Promise.reject(new SqlError('sql-failed', message, { sqlState, message }))
  return { one } as unknown as Session
}

test('a full disk is told with the server that it is of, and whatever else fails as it is', async () => {
  await expect(exportSnapshot(refusing('53100'), 'target')).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/^the disk of the target server is full: could not write/) as string,
    hint: expect.stringContaining('Make room there') as string,
  })
  await expect(exportSnapshot(refusing('42501'), 'target')).rejects.toMatchObject({ code: 'sql-failed' })
})
