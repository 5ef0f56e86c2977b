import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import { applicationName, applicationPrefix } from '../../../src/postgres/application-name.js'

test('an ordinary migration is readable', () => {
  expect(applicationName('shop', '20260102-1f2e')).toBe('belt/shop/20260102-1f2e')
})

test('any name fits into 63 bytes of ASCII with the run whole', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      fc.stringMatching(/^[A-Za-z0-9_.-]{1,24}$/),
      (name, run) => {
        const full = applicationName(name, run)
        expect(full).toMatch(/^[\x20-\x7e]{1,63}$/)
        expect(full).toBe(`${applicationPrefix(name)}${run}`)
        expect(full.split('/')).toHaveLength(3)
      },
    ),
  )
})

test('different migrations never share a prefix', () => {
  const names = ['a', 'a/b', 'a_b', 'ä', 'ö', 'x'.repeat(40), 'x'.repeat(41), `${'x'.repeat(40)}y`, '', '/', '~', 'A']
  expect(new Set(names.map(applicationPrefix)).size).toBe(names.length)
})

test('a run id that would not arrive unchanged is a mistake', () => {
  for (const run of ['', 'a/b', 'ä', 'x'.repeat(25)]) expect(() => applicationName('shop', run)).toThrow(RangeError)
})
