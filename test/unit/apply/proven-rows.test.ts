import { expect, test } from 'vitest'
import { differingRows } from '../../../src/apply/comparison/differing-rows.js'
import { provesWanted, type AskedNow } from '../../../src/apply/comparison/recent.js'
import type { VerificationEvidence } from '../../../src/state/verification-mark.js'
import { different, equal, FOUND } from '../verify/results.js'

const FULL: VerificationEvidence = {
  verdict: 'different',
  rowVerdict: 'equal',
  depth: 'full',
  patterns: [],
  publisher: 'source',
  begunAt: '2026-11-05T09:00:00Z',
  stream: 'aa',
  tables: 2,
  notCompared: 0,
  unsettled: [],
  rows: 10,
  chunks: 2,
  differences: 0,
  structureDifferences: 1,
  lsn: { source: { from: '0/1', to: '0/2' }, target: { from: '0/1', to: '0/2' } },
  durationMs: 1,
}
const ASKED: AskedNow = {
  from: 'source',
  stream: 'aa',
  wanted: { depth: 'full', maxAgeMs: 3_600_000, tables: [] },
  now: Date.parse('2026-11-05T10:00:00Z'),
}

test('a comparison proves rows as long as it is recent, of everything, and of the stream as it is now', () => {
  const proves = (evidence: Partial<VerificationEvidence>, asked: Partial<AskedNow> = {}): boolean =>
    provesWanted({ ...FULL, ...evidence }, { ...ASKED, ...asked })
  expect(proves({})).toBe(true)
  expect(proves({}, { now: ASKED.now + 1 })).toBe(false)
  expect(proves({ stream: 'bb' })).toBe(false)
  expect(proves({ publisher: 'target' })).toBe(false)
  expect(proves({ patterns: ['public.*'] })).toBe(false)
  expect(proves({ depth: { sample: 1_000 } })).toBe(false)
  const sample = { ...ASKED.wanted, depth: { sample: 500 } }
  expect(proves({}, { wanted: sample })).toBe(true)
  expect(proves({ depth: { sample: 500 } }, { wanted: sample })).toBe(true)
  expect(proves({ depth: { sample: 499 } }, { wanted: sample })).toBe(false)
})

test('evidence that an older belt left behind proves nothing', () => {
  const { begunAt: _, ...old } = FULL
  expect(provesWanted(old as VerificationEvidence, ASKED)).toBe(false)
})

test('differing rows are told by table and key, the first of many', () => {
  const many = Array.from({ length: 8 }, (_, id) => ({ ...FOUND, key: { id: String(id) } }))
  const tables = [
    equal('public.a'),
    different('public.b', many),
    ...Array.from({ length: 30 }, () => different('c', [FOUND])),
  ]
  const lines = differingRows(tables)
  expect(lines).toHaveLength(21)
  expect(lines[0]).toBe(
    '  public.b: changed id = 0 (total); changed id = 1 (total); changed id = 2 (total); changed id = 3 (total); changed id = 4 (total); and 3 more',
  )
  expect(lines.at(-1)).toBe('  and 11 more tables')
})
