import { describe, expect, it } from 'vitest'
import { textStyle } from '../../../src/render/text/style.js'
import { whatDiffers } from '../../../src/apply/comparison/differing-rows.js'
import { verifyHtml } from '../../../src/render/verify/verify-html.js'
import { verifyJson } from '../../../src/render/verify/verify-json.js'
import { verifyText } from '../../../src/render/verify/verify-text.js'
import type { Verification } from '../../../src/render/verify/verification.js'
import type { Difference, TableResult } from '../../../src/verify/rows/verify-result.js'
import { different, equal, FOUND, unknown } from '../verify/results.js'
import { EMPTY_PLAN, HOSTILE } from './support/plan.js'

const style = textStyle(false, 100)

function verification(tables: readonly TableResult[], more: Partial<Verification> = {}): Verification {
  return {
    name: 'shop',
    stage: 'replicating',
    at: '2026-11-05T10:00:00Z',
    source: EMPTY_PLAN.source,
    target: EMPTY_PLAN.target,
    publisher: 'source',
    depth: 'full',
    patterns: [],
    verdict: 'different',
    rows: {
      verdict: 'different',
      tables,
      lsn: { source: { from: '0/1', to: '0/2' }, target: { from: '0/3', to: null } },
      durationMs: 61_000,
    },
    notCompared: [
      { table: 'public.blobs', why: 'its rows are copied inside the pause', onPurpose: true },
      { table: 'public.late', why: 'its initial copy has not ended', onPurpose: false },
    ],
    schema: {
      findings: [{ area: 'index', what: 'index public.i', problem: 'is INVALID on the target' }],
      expected: [
        {
          area: 'constraint',
          what: 'constraint public.c',
          problem: 'is not on the target',
          why: 'the cutover makes it',
        },
      ],
      leftOut: ['Positions of sequences: the cutover sets them.'],
    },
    ...more,
  }
}

const KEYLESS: Difference = { ...FOUND, kind: 'missing', key: undefined, columns: [], copies: { source: 3, target: 1 } }
const EVERY = verification([
  equal('public.same'),
  different('public.orders', [FOUND, { ...FOUND, kind: 'extra', key: { a: '1', b: "it's" }, columns: [] }]),
  different('public.log', [KEYLESS]),
  { ...different('public.more', []), unexplored: 2, structure: ['column x is only on the source'] },
  unknown('public.hot', 'rows kept changing'),
])

describe('a verification as text', () => {
  it('names every difference, what is uncertain, what was left out, and ends with the next command', () => {
    const text = verifyText(EVERY, style, 'belt drift')
    expect(text).toContain('at replicating; every row compared while changes stream from the source')
    expect(text).toContain('log positions: source 0/1 to 0/2, target 0/3 to unknown')
    expect(text).toMatch(
      /public\.orders {2}1 changed and 1 extra\n {4}changed {2}id = 5 {2}\(total\)\n {4}extra {4}a = 1, b = it's/,
    )
    expect(text).toContain(
      'a row that is there 3 times on the source and once on the target, on the source at ctid (0,5)',
    )
    expect(text).toContain('public.more  2 more chunks not looked into; column x is only on the source')
    expect(text).toMatch(/Structure that differs\n {2}index public\.i: is INVALID/)
    expect(text).toMatch(/Nothing certain\n {2}public\.hot: rows kept changing\n {2}public\.late: its initial copy/)
    expect(text).toMatch(/Not compared\n {2}public\.blobs: .*\n {2}Positions of sequences/)
    expect(text).toContain(
      'Different: the rows of 3 tables and 1 thing of the structure; 5 tables, 5,000 rows, 1 min 1 s.',
    )
    expect(text.endsWith('\nNext: belt drift\n')).toBe(true)
  })

  it('lists twenty rows of a table and counts the others', () => {
    const rows = Array.from({ length: 32 }, (_, id) => ({ ...FOUND, key: { id: String(id) } }))
    const text = verifyText(verification([different('public.orders', rows)]), style, 'x')
    expect(text.match(/^ {4}changed/gm)).toHaveLength(20)
    expect(text).toContain('    and 12 more; --json names them')
  })

  it('shows values only where they were asked for', () => {
    const values = { source: { total: 'a"b' }, target: { total: null } }
    const text = verifyText(verification([different('public.orders', [{ ...FOUND, values }])]), style, 'x')
    expect(text).toContain('total: source "a\\"b", target NULL')
  })

  it('says in one sentence that all is equal, or that it could not tell', () => {
    const quiet = { notCompared: [], verdict: 'equal' } as const
    expect(verifyText(verification([equal('public.a')], quiet), style, 'x')).toContain('Equal: 1 table, 1,000 rows')
    const torn = verification([equal('a'), unknown('b', 'a lock')], { ...quiet, verdict: 'unknown' })
    expect(verifyText(torn, style, 'x')).toContain('Could not tell: nothing certain of 1 table; the rest is equal')
  })
})

describe('tables of which only the columns differ', () => {
  const one = { ...different('public.wide', []), structure: ['column x is only on the source'] }
  const gone = {
    ...unknown('public.gone', 'x'),
    verdict: 'different' as const,
    method: undefined,
    structure: ['the table is not on the target'],
  }

  it('are structure that differs, and no rows', () => {
    const { schema: _, ...found } = verification([equal('public.a'), one, gone], { notCompared: [] })
    const text = verifyText(found, style, 'x')
    expect(text).not.toContain('Rows that differ')
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'Structure that differs public.wide: column x is only on the source; by the columns that both sides have its rows are equal public.gone: the table is not on the target',
    )
    expect(text).toContain('Different: the columns of 2 tables; 3 tables')
    const page = verifyHtml(found, 'x')
    expect(page).not.toContain('Rows that differ')
    expect(page).toContain('by the columns that both sides have')
  })

  it('stand beside tables whose rows differ', () => {
    const text = verifyText(verification([different('public.orders', [FOUND]), one]), style, 'x')
    expect(text).toContain('Different: the rows of 1 table and the columns of 1 table and 1 thing of the structure')
  })

  it('stop a handover in the words that are true', () => {
    expect(whatDiffers([equal('public.a'), one])).toBe('the columns of tables differ between source and target')
    expect(whatDiffers([different('public.b', [FOUND]), one])).toBe('rows differ between source and target')
  })
})

describe('a sample', () => {
  it('is called equal only as far as it goes', () => {
    const quiet = { notCompared: [], verdict: 'equal', depth: { sample: 10 } } as const
    const text = verifyText(verification([equal('public.a')], quiet), style, 'x')
    expect(text).toContain('a sample of 10 rows a table compared')
    expect(text).toContain('Equal as far as the sample goes: 1 table')
  })
})

describe('what may have made rows differ', () => {
  it('is told under the rows', () => {
    const causes = ['trigger t of public.orders on the target fires']
    const found = verification([different('public.orders', [FOUND])], { causes })
    expect(verifyText(found, style, 'x')).toMatch(/May be the cause\n {2}trigger t of public\.orders/)
    expect(verifyHtml(found, 'x')).toContain(causes[0])
    expect(JSON.parse(verifyJson(found, 'x'))).toMatchObject({ causes })
  })
})

describe('a verification as JSON', () => {
  it('names each difference with table, key, kind and columns, and gives a keyless row no key', () => {
    const json = JSON.parse(verifyJson(EVERY, 'belt drift')) as Record<string, unknown>
    expect(json).toMatchObject({ v: 1, type: 'verify', verdict: 'different', durationMs: 61_000, next: 'belt drift' })
    expect(json['differences']).toMatchObject([
      { table: 'public.orders', kind: 'changed', key: { id: '5' }, columns: ['total'] },
      { kind: 'extra', key: { a: '1', b: "it's" } },
      { kind: 'missing', key: null, copies: { source: 3, target: 1 } },
    ])
    expect((json['tables'] as readonly unknown[])[1]).toMatchObject({ table: 'public.orders', differences: 2 })
    expect(json['structure']).toMatchObject({ findings: [{ what: 'index public.i' }] })
  })
})

describe('a verification as a page', () => {
  it('loads nothing, runs nothing and holds what the text holds', () => {
    const page = verifyHtml(EVERY, 'belt drift')
    expect(page).toContain(`default-src 'none'`)
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(|@import/)
    for (const part of ['id = 5', 'a = 1, b = it&#39;s', 'rows kept changing', 'is INVALID', 'belt drift'])
      expect(page).toContain(part)
    expect(page.match(/<li/g)?.length).toBe(page.match(/<\/li>/g)?.length)
  })

  it('takes every name, key and value as text, as the text does', () => {
    const values = { source: { [HOSTILE]: HOSTILE }, target: { [HOSTILE]: HOSTILE } }
    const found = { ...FOUND, key: { [HOSTILE]: HOSTILE }, columns: [HOSTILE], values }
    const hostile = verification([different(HOSTILE, [found]), unknown(HOSTILE, HOSTILE)], {
      name: HOSTILE,
      patterns: [HOSTILE],
      notCompared: [{ table: HOSTILE, why: HOSTILE, onPurpose: true }],
      schema: { findings: [{ area: 'object', what: HOSTILE, problem: HOSTILE }], expected: [], leftOut: [HOSTILE] },
    })
    const page = verifyHtml(hostile, HOSTILE)
    expect(page).not.toContain('<img')
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(8)
    expect(verifyText(hostile, style, 'x')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })
})
