import { expect, test } from 'vitest'
import { placeIn } from '../../../src/postgres/statement-place.js'

test('a position is told as line and column, counting characters as the server does', () => {
  expect(placeIn('select 1', 1)).toEqual({ line: 1, column: 1, excerpt: 'select 1\n^' })
  expect(placeIn("select '🐘🐘', nope", 14)).toEqual({
    line: 1,
    column: 14,
    excerpt: "select '🐘🐘', nope\n             ^",
  })
  expect(placeIn('a\nbc\n\nd', 4)).toEqual({ line: 2, column: 2, excerpt: 'bc\n ^' })
  expect(placeIn('select', 7)).toEqual({ line: 1, column: 7, excerpt: 'select\n      ^' })
})

test('a long line is cut around the place', () => {
  const place = placeIn(`${'a'.repeat(300)}X${'b'.repeat(300)}`, 301)
  const [line = '', caret = ''] = place?.excerpt.split('\n') ?? []
  expect([...line][caret.length - 1]).toBe('X')
  expect(line.length).toBeLessThan(110)
  expect(line.startsWith('…') && line.endsWith('…')).toBe(true)
})

test('a position outside the statement is no place', () => {
  for (const position of [0, -1, 9, 1.5, Number.NaN]) expect(placeIn('select', position)).toBeUndefined()
})
