import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import { lineageOf, namesOf } from '../../../src/migration/names.js'
import { hostileTexts } from '../core/hostile.js'

const databases = fc.record({ systemIdentifier: hostileTexts, database: hostileTexts })

test('names of slots, publications and subscriptions fit Postgres whatever the migration is called', () => {
  fc.assert(
    fc.property(hostileTexts, databases, databases, (name, source, target) => {
      const { forward, reverse, markerTable } = namesOf(name, lineageOf(name, source, target))
      for (const text of [...Object.values(forward), ...Object.values(reverse)] as string[]) {
        expect(text).toMatch(/^belt_[a-z0-9_]{1,58}$/)
      }
      expect(markerTable).toMatch(/^marker_[0-9a-f]{8}$/)
      expect(forward.slot).not.toBe(reverse.slot)
    }),
  )
})

test('the lineage is the same for the same two databases, and another for any other', () => {
  const source = { systemIdentifier: '1', database: 'shop' }
  const target = { systemIdentifier: '2', database: 'shop' }
  const lineage = lineageOf('shop', source, target)
  expect(lineage).toMatch(/^[0-9a-f]{16}$/)
  expect(lineageOf('shop', { ...source }, { ...target })).toBe(lineage)
  const others = [
    lineageOf('shop2', source, target),
    lineageOf('shop', target, source),
    lineageOf('shop', { ...source, database: 'other' }, target),
    lineageOf('shop', source, { ...target, systemIdentifier: '3' }),
  ]
  expect(new Set([lineage, ...others]).size).toBe(5)
})
