import { expect, test } from 'vitest'
import { fc } from '../../support/properties.js'

test('properties try the same each time', () => {
  const tried = (): readonly number[] => {
    const seen: number[] = []
    fc.assert(fc.property(fc.integer(), (n) => void seen.push(n)))
    return seen
  }
  expect(tried()).toEqual(tried())
  expect(new Set(tried()).size).toBeGreaterThan(10)
})
