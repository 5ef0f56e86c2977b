import { expect, test, vi } from 'vitest'
import type { ConnectionSettings } from '../../../src/postgres/connection-settings.js'
import { withSideSessions } from '../../../src/verify/rows/side-sessions.js'

const sent: unknown[] = []
vi.mock('../../../src/postgres/connect.js', () => ({
  withConnection: (_: unknown, __: unknown, use: (session: object) => Promise<unknown>) =>
    use({
      query: (text: string, values: readonly unknown[] = []) => {
        if (text === 'scan') return Promise.reject(new Error('refused'))
        if (text.includes('enable_seqscan') && values.length > 0) sent.push(values)
        return Promise.resolve([])
      },
    }),
}))

test('a scan that fails leaves the time limit of chunks behind it, and says why it failed', async () => {
  const connections = { source: {}, target: {} } as Record<'source' | 'target', ConnectionSettings>
  await withSideSessions(connections, { statementTimeoutMs: 7 }, new AbortController().signal, async (sessions) => {
    await expect(sessions.scan('source', { text: 'scan', values: [] })).rejects.toThrow('refused')
  })
  expect(sent).toEqual([
    ['0ms', 'on'],
    ['7ms', 'off'],
  ])
})
