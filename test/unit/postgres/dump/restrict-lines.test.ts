import { expect, test } from 'vitest'
import { newRestrictKey, stripRestrictLines } from '../../../../src/postgres/dump/restrict-lines.js'

const key = newRestrictKey()
const dump = (body: string): string =>
  `--\n-- PostgreSQL database dump\n--\n\n\\restrict ${key}\n\n${body}\n--\n-- complete\n--\n\n\\unrestrict ${key}\n\n`

test('only the two lines with the key go', () => {
  const body = 'create function f() as $$\n\\restrict abc\n\\unrestrict abc\n\\restrict\n$$;\n'
  expect(stripRestrictLines(dump(body), key)).toBe(
    `--\n-- PostgreSQL database dump\n--\n\n${body}\n--\n-- complete\n--\n\n`,
  )
})

test('keys are letters and digits, and differ', () => {
  expect(key).toMatch(/^[0-9a-z]{48}$/)
  expect(newRestrictKey()).not.toBe(key)
})

test.each([
  ['none', 'select 1;\n'],
  ['only the first', `\n\\restrict ${key}\n\nselect 1;\n`],
  ['one too many', dump(`\\restrict ${key}\n\n`)],
])('a dump with %s of the lines is refused', (_, text) => {
  expect(() => stripRestrictLines(text, key)).toThrow(expect.objectContaining({ code: 'dump-failed' }))
})
