import { fc } from '../../support/properties.js'

const PIECES = [
  '"; drop table x; --',
  "'",
  '"',
  '""',
  '\\',
  "\\'",
  '$$',
  '$1',
  '.',
  ' ',
  '\n',
  '\t',
  '/*',
  '*/',
  '--',
  ';',
  '(',
  'select',
  'SELECT',
  'user',
  'table',
  'é',
  'ß',
  'İ',
  '☃',
  '𝒳',
  '\u202e',
  '\u00a0',
  '=',
  '${secret:x}',
  '%s',
  'U&"',
  "E'",
  'a',
  '0',
  '_',
]

const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme', maxLength: 4 }))

const wellFormed = (text: string): boolean => Buffer.from(text).toString() === text && !text.includes('\u0000')

/** Any text that Postgres can hold. */
export const hostileTexts = fc
  .array(piece, { maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter(wellFormed)

/** Any name that Postgres can hold: one byte at least, 63 at most. */
export const hostileNames = hostileTexts.filter((text) => text !== '' && Buffer.byteLength(text) <= 63)
