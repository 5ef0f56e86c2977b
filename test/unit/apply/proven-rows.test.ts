import { describe, expect, test } from 'vitest'
import { differingRows } from '../../../src/apply/comparison/differing-rows.js'
import { proofOf, provesWanted, type AskedNow } from '../../../src/apply/comparison/recent.js'
import { newState } from '../../../src/state/new-state.js'
import { StateDraft } from '../../../src/state/state-draft.js'
import { verificationMarks, type VerificationEvidence } from '../../../src/state/verification-mark.js'
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
const SERVER = { systemIdentifier: '1', database: 'shop', host: 'h', port: 5432, major: 15, version: '15.1' }
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

test('a comparison that begins in the future is none', () => {
  expect(provesWanted({ ...FULL, begunAt: '2026-11-05T10:00:00.001Z' }, ASKED)).toBe(false)
})

describe('a later comparison that has found a difference', () => {
  const partial = { ...FULL, patterns: ['public.orders'], rowVerdict: 'different', stream: 'of one table' } as const
  const proof = (at: string, ...later: readonly VerificationEvidence[]): string | undefined => {
    const draft = new StateDraft(newState({ name: 'shop', lineage: 'l', source: SERVER, target: SERVER }))
    const record = (evidence: VerificationEvidence, when: string): void => {
      for (const mark of verificationMarks(evidence))
        draft.apply({ kind: 'mark-set', mark, at: when, evidence: { ...evidence } })
    }
    record(FULL, '2026-11-05T09:10:00Z')
    for (const evidence of later) record(evidence, at)
    return proofOf(draft.toState(), ASKED)?.at
  }

  test('of one table or a sample takes the proof away', () => {
    expect(proof('2026-11-05T09:20:00Z', partial)).toBeUndefined()
    expect(proof('2026-11-05T09:20:00Z', { ...FULL, depth: { sample: 10 }, rowVerdict: 'different' })).toBeUndefined()
  })

  test('takes it away too when it ended while the proof was under way', () => {
    expect(proof('2026-11-05T09:05:00Z', partial)).toBeUndefined()
  })

  test('is not forgotten because another table was equal afterwards', () => {
    const other = { ...partial, patterns: ['public.others'], rowVerdict: 'equal' } as const
    expect(proof('2026-11-05T09:20:00Z', partial, other)).toBeUndefined()
  })

  test('of the other direction, or an earlier one, says nothing', () => {
    expect(proof('2026-11-05T09:20:00Z', { ...partial, publisher: 'target' })).toBe('2026-11-05T09:10:00Z')
    expect(proof('2026-11-05T08:59:00Z', partial)).toBe('2026-11-05T09:10:00Z')
  })
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
