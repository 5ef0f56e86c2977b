import { fc } from '../../../support/properties.js'
import { expect, test } from 'vitest'
import { fitsPasswordFile, passwordFileEntry } from '../../../../src/postgres/dump/password-file.js'

/** As libpq's passwordFromFile reads it: the rest after four fields, a backslash makes the next character plain. */
function readBack(entry: string): string {
  const rest = entry.replace(/^(?:\*:){4}/, '').replace(/\n$/, '')
  let password = ''
  for (let i = 0; i < rest.length; i += 1) {
    if (rest[i] === '\\' && i + 1 < rest.length) i += 1
    password += rest[i] ?? ''
  }
  return password
}

test('every password without a line break reads back unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }).filter(fitsPasswordFile), (password) => {
      const entry = passwordFileEntry(password)
      expect(entry.split('\n')).toHaveLength(2)
      expect(readBack(entry)).toBe(password)
    }),
  )
})

test('a password with a line break does not fit', () => {
  expect(fitsPasswordFile('a\nb')).toBe(false)
  expect(fitsPasswordFile('a\rb')).toBe(false)
})
