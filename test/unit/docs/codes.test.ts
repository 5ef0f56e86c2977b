import { describe, expect, test } from 'vitest'
import { errorCodes } from './error-codes.js'
import { findingCodes } from './finding-codes.js'
import { readPage, rowsByCode } from './markdown.js'

const sorted = (found: ReadonlyMap<string, string>): Readonly<Record<string, string>> =>
  Object.fromEntries([...found].sort())

const secondCells = (page: string): Readonly<Record<string, string>> =>
  sorted(new Map([...rowsByCode(readPage(page))].map(([code, [second = '']]) => [code, second] as const)))

describe('docs/preflight.md', () => {
  test('lists every finding of the planner and the engines with its severity, and no other', () => {
    const { diagnostics } = findingCodes()
    expect(diagnostics.get('wal-level')).toBe('error')
    expect(diagnostics.get('encoding-differs')).toBe('error or warning')
    expect(secondCells('docs/preflight.md')).toEqual(sorted(diagnostics))
  })

  test('says of each what it means and what to do', () => {
    for (const [code, cells] of rowsByCode(readPage('docs/preflight.md'))) {
      expect(cells, code).toHaveLength(3)
      for (const cell of cells) expect(cell.length, `${code}: ${cell}`).toBeGreaterThan(3)
    }
  })
})

describe('docs/errors.md', () => {
  test('lists every error of src with its exit code, and no other', () => {
    const codes = errorCodes()
    // One of each way in which a code gets into an error.
    expect(codes.get('spec-missing')).toBe('64')
    expect(codes.get('plan-stale')).toBe('3')
    expect(codes.get('locked')).toBe('5')
    expect(codes.get('wrong-password')).toBe('1')
    expect(codes.get('tls-file')).toBe('1')
    expect(secondCells('docs/errors.md')).toEqual(sorted(codes))
  })
})

describe('an approval of the spec', () => {
  test('can be given to every hazard that asks for one, and to no other', () => {
    const schema = JSON.parse(readPage('schemas/spec.schema.json')) as {
      readonly $defs: { readonly approval: { readonly properties: { readonly hazard: { readonly enum: string[] } } } }
    }
    expect(schema.$defs.approval.properties.hazard.enum).toEqual(findingCodes().approvable)
  })
})

describe('docs/plan.md', () => {
  test('lists every hazard, and no other', () => {
    const { hazards } = findingCodes()
    expect(hazards).toContain('retains-wal')
    expect([...rowsByCode(readPage('docs/plan.md')).keys()].sort()).toEqual(hazards)
  })
})
