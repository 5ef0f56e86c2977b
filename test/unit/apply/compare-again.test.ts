import { beforeEach, expect, test, vi } from 'vitest'
import { compareAgain } from '../../../src/apply/comparison/at-rest.js'
import type { ExecuteContext } from '../../../src/apply/execute-context.js'
import type { VerifyInput } from '../../../src/verify/rows/verify-input.js'
import type { TableResult, VerifyResult } from '../../../src/verify/rows/verify-result.js'
import { verifyTables } from '../../../src/verify/rows/verify-tables.js'

vi.mock('../../../src/verify/rows/verify-tables.js', () => ({ verifyTables: vi.fn() }))

const ORDERS = [{ schema: 'public', name: 'orders' }]
const BEGUN = { of: 'x', after: ['5'], rows: { source: 5, target: 5 }, chunks: 1, suspects: [] }
const seen = vi.mocked(verifyTables)
const context = {
  input: { connections: {}, spec: { verify: { jobs: 2 } } },
  signal: new AbortController().signal,
  state: { current: () => ({ marks: {} }) },
  watch: { source: { query: () => Promise.resolve([]) } },
} as unknown as ExecuteContext

function result(verdict: TableResult['verdict']): TableResult {
  const rows = { source: 10, target: 10 }
  const common = { table: 'public.orders', method: 'ranges', rows, chunks: 2, suspectChunks: 1 } as const
  return { ...common, verdict, differences: [], unexplored: verdict === 'different' ? 1 : 0, structure: [] }
}

/** The time set apart is up while the table's rows are looked into, of which a chunk was seen to differ, or not. */
function endsInTheMiddle(differs: boolean): void {
  seen.mockImplementationOnce((input: VerifyInput, signal) => {
    if (differs) input.onSuspect?.('public.orders')
    input.onToken?.(() => ({ version: 1, done: {}, begun: { 'public.orders': BEGUN } }))
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
  })
}

beforeEach(() => {
  seen.mockReset()
})

test('a difference that was seen before the time set apart was up is looked into to the end', async () => {
  endsInTheMiddle(true)
  seen.mockImplementationOnce(() => Promise.resolve({ tables: [result('different')] } as unknown as VerifyResult))
  await expect(compareAgain(ORDERS, 50, context)).rejects.toMatchObject({ code: 'rows-differ' })
  const [, again] = seen.mock.calls
  expect(again?.[0]).toMatchObject({ tables: [{ name: 'orders' }], resume: { begun: { 'public.orders': BEGUN } } })
  expect(again?.[1]).toBe(context.signal)
})

test('one that cannot be named is a difference all the same', async () => {
  endsInTheMiddle(true)
  seen.mockImplementationOnce(() =>
    Promise.resolve({ tables: [{ ...result('unknown'), couldNotTell: 'a lock' }] } as unknown as VerifyResult),
  )
  await expect(compareAgain(ORDERS, 50, context)).rejects.toMatchObject({ code: 'rows-differ' })
})

test('a table of which nothing was seen to differ is left when the time is up', async () => {
  endsInTheMiddle(false)
  expect(await compareAgain(ORDERS, 50, context)).toEqual({ tables: 0, rows: 0, left: 1 })
  expect(seen).toHaveBeenCalledTimes(1)
})
