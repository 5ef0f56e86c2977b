import { expect, test } from 'vitest'
import { copyStatus } from '../../../src/apply/copy-status.js'
import { PhaseClock } from '../../../src/apply/phase-clock.js'
import type { TableCopyProgress } from '../../../src/inspect/table-copy-progress.js'

const table = (name: string, state: TableCopyProgress['state'], bytes?: number): TableCopyProgress => ({
  schema: 'public',
  name,
  state,
  workerPid: undefined,
  bytes,
  rows: undefined,
})
const sizes = new Map([
  ['public.a', 100],
  ['public.b', 200],
  ['public.c', 300],
])
const wanted = ['a', 'b', 'c'].map((name) => ({ schema: 'public', name }))

test('finished tables count fully, running ones by what has arrived and never as more than their size', () => {
  const progress = [table('a', 'ready'), table('b', 'data', 500), table('c', 'initialize')]
  const status = copyStatus(wanted, progress, sizes, new Map())
  expect(status).toMatchObject({ ready: 1, doneBytes: 300, totalBytes: 600 })
  expect(status.tables).toEqual([{ table: 'public.b', bytes: 500, totalBytes: 200, rows: undefined }])
})

test('without a view of running copies the growing table tells', () => {
  const progress = [table('a', 'ready'), table('b', 'data'), table('c', 'synchronized')]
  expect(copyStatus(wanted, progress, sizes, new Map([['public.b', 50]])).doneBytes).toBe(450)
})

test('the standing changes whenever anything moves, and only then', () => {
  const standing = (...progress: TableCopyProgress[]) => copyStatus(wanted, progress, sizes, new Map()).standing
  expect(standing(table('b', 'data', 5))).toBe(standing(table('b', 'data', 5)))
  expect(standing(table('b', 'data', 6))).not.toBe(standing(table('b', 'data', 5)))
  expect(standing(table('b', 'synchronized'))).not.toBe(standing(table('b', 'finished copy')))
})

test('the time left follows the speed of the present phase', () => {
  let now = 0
  const clock = new PhaseClock(() => now)
  expect(clock.eta('scan', 0, 100)).toBeUndefined()
  now = 10_000
  expect(clock.eta('scan', 25, 100)).toBe(30)
  expect(clock.eta('sort', 0, 0)).toBeUndefined()
  now = 11_000
  expect(clock.eta('sort', 0, 0)).toBeUndefined()
})
