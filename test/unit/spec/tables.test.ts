import { fc } from '../../support/properties.js'
import { describe, expect, test } from 'vitest'
import { parseQualified } from '../../../src/core/qualified-name.js'
import { quoteQualified } from '../../../src/core/quote.js'
import { matchesPattern, parsePattern } from '../../../src/spec/table-pattern.js'

/** Any name Postgres can hold: no NUL, not empty, whole characters. */
const anyName = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((name) => !name.includes('\u0000'))

describe('a qualified name', () => {
  test('reads back whatever quoting wrote', () => {
    fc.assert(
      fc.property(anyName, anyName, (schema, name) => {
        expect(parseQualified(quoteQualified(schema, name))).toEqual({ schema, name })
      }),
      { numRuns: 500 },
    )
  })

  test('reads back names always quoted', () => {
    const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(anyName, anyName, (schema, name) => {
        expect(parseQualified(`${quoted(schema)}.${quoted(name)}`)).toEqual({ schema, name })
      }),
    )
  })

  test.each([
    ['public.orders', 'public', 'orders'],
    ['public."Weird.Name"', 'public', 'Weird.Name'],
    ['"a""b"."; drop table x; --"', 'a"b', '; drop table x; --'],
    ['übung.tabelle$1', 'übung', 'tabelle$1'],
  ])('%s', (text, schema, name) => {
    expect(parseQualified(text)).toEqual({ schema, name })
  })

  test.each([
    '',
    'orders',
    '.',
    'a.',
    '.a',
    'a.b.c',
    'a..b',
    '"a.b',
    'a."b',
    'a.b"',
    '"a"b.c',
    'a.""',
    'Public.orders',
    'public.Orders',
    'public.a-b',
    'public.a b',
    'public.1a',
    ' a.b',
    'a.b ',
    'a.*',
    'a."b"c',
    '"a"."b".',
  ])('%j is none', (text) => {
    expect(parseQualified(text)).toBeUndefined()
  })
})

describe('a table pattern', () => {
  test('a name without wildcards covers that table and no other', () => {
    fc.assert(
      fc.property(anyName, anyName, anyName, (schema, name, other) => {
        const pattern = quoteQualified(schema, name)
        expect(matchesPattern(pattern, schema, name)).toBe(true)
        expect(matchesPattern(pattern, schema, other)).toBe(other === name)
        expect(matchesPattern(pattern, other, name)).toBe(other === schema)
      }),
    )
  })

  test('*.* covers every table', () => {
    fc.assert(fc.property(anyName, anyName, (schema, name) => matchesPattern('*.*', schema, name)))
  })

  test.each([
    ['public.tmp_*', 'public', 'tmp_1', true],
    ['public.tmp_*', 'public', 'tmp_', true],
    ['public.tmp_*', 'public', 'xtmp_1', false],
    ['public.tmp_*', 'publicx', 'tmp_1', false],
    ['*.log', 'any', 'log', true],
    ['public.*_log_*', 'public', 'a_log_b', true],
    ['public.*_log_*', 'public', 'a_log', false],
    ['public.*', 'public', 'Weird\nName', true],
    ['public."tmp_*"', 'public', 'tmp_1', false],
    ['public."tmp_*"', 'public', 'tmp_*', true],
    ['public.a', 'public', 'ab', false],
    ['public.a$b', 'public', 'a$b', true],
    ['public."a.b"', 'public', 'axb', false],
    ['nodots', 'public', 'nodots', false],
  ])('%s and %s.%s: %s', (pattern, schema, name, covers) => {
    expect(matchesPattern(pattern, schema, name)).toBe(covers)
  })

  test('wildcards cover exactly what the same regular expression would', () => {
    const part = fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 8 }).map((a) => a.join(''))
    const name = fc.array(fc.constantFrom('a', 'b'), { maxLength: 10 }).map((a) => a.join(''))
    fc.assert(
      fc.property(part, name, (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text)
        expect(matchesPattern(`public.${pattern}`, 'public', text)).toBe(expected)
      }),
      { numRuns: 1000 },
    )
  })

  test.each(['*', 'tmp_*', 'a.b.*', 'public.Tmp_*', 'public.a?', 'a."b', '**', ''])('%j is none', (text) => {
    expect(parsePattern(text)).toBeUndefined()
  })

  test('many wildcards against a long name end soon', () => {
    const started = performance.now()
    expect(matchesPattern(`public.${'a*'.repeat(30)}b`, 'public', 'a'.repeat(63))).toBe(false)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
