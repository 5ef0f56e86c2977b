import { fc } from '../../support/properties.js'
import { expect, test } from 'vitest'
import type { ScopedSequence } from '../../../src/actions/set-sequences.js'
import { mustSet } from '../../../src/apply/execute/set-sequences.js'
import { aheadOf, isBehind, nextValue } from '../../../src/apply/sequence-values.js'
import type { SequenceValue } from '../../../src/apply/sequence-values.js'

const UP: ScopedSequence = { schema: 's', name: 'n', increment: '5', min: '1', max: '10000', cycle: false }
const DOWN: ScopedSequence = { ...UP, increment: '-5', min: '-10000', max: '-1' }
const at = (value: number, called = true): SequenceValue => ({ value: BigInt(value), called })

test.each<[string, ScopedSequence, SequenceValue, SequenceValue, boolean]>([
  ['stands ahead', UP, at(600), at(105), false],
  ['stands just where the other does', UP, at(105), at(105), false],
  ['was caught up with', UP, at(600), at(605), true],
  ['was caught up with by a value that is not given out yet', UP, at(600), at(610, false), true],
  ['was restarted since it was set ahead', UP, at(600), at(1, false), true],
  ['stands ahead, downwards', DOWN, at(-600), at(-105), false],
  ['was caught up with, downwards', DOWN, at(-600), at(-605), true],
  ['was restarted, downwards', DOWN, at(-600), at(-1, false), true],
  ['cycles', { ...UP, cycle: true }, at(600), at(105), true],
  ['cycles and stands there', { ...UP, cycle: true }, at(105), at(105), false],
])('a sequence that %s is set or left', (_, sequence, mine, theirs, set) => {
  expect(mustSet(sequence, mine, theirs, 100)).toBe(set)
})

test('with a margin of 0 only the exact value is left alone', () => {
  expect(mustSet(UP, at(110), at(105), 0)).toBe(true)
  expect(mustSet(UP, at(105, false), at(105), 0)).toBe(true)
  expect(mustSet(UP, at(105), at(105), 0)).toBe(false)
})

test('a sequence close to its bound is carried exactly, for a margin would use it up', () => {
  expect(aheadOf(UP, at(4_000), 100)).toEqual(at(4_500))
  for (const [sequence, close] of [
    [UP, at(5_005)],
    [UP, at(9_999, false)],
    [DOWN, at(-5_005)],
  ] as const) {
    expect(aheadOf(sequence, close, 100)).toEqual(close)
    expect(mustSet(sequence, close, close, 100)).toBe(false)
    expect(mustSet(sequence, { ...close, value: close.value - BigInt(sequence.increment) }, close, 100)).toBe(true)
  }
})

test('whatever is given out or restarted in between, nothing is handed out twice and nothing runs off', () => {
  const step = fc.constantFrom('1', '-1', '3', '-7')
  const value = fc.integer({ min: -5_000, max: 5_000 }).map((n) => BigInt(n))
  const standing = fc.record({ value, called: fc.boolean() })
  fc.assert(
    fc.property(step, standing, standing, fc.integer({ min: 0, max: 200 }), (increment, before, now, margin) => {
      const sequence = { ...UP, increment, min: '-10000', max: '10000' }
      const preset = aheadOf(sequence, before, margin)
      const left = mustSet(sequence, preset, now, margin) ? now : preset
      expect(isBehind(sequence, left, now)).toBe(false)
      const distance = nextValue(sequence, left) - nextValue(sequence, now)
      const most = BigInt(margin + 1) * BigInt(increment)
      expect(distance < 0n ? -distance : distance).toBeLessThanOrEqual(most < 0n ? -most : most)
    }),
  )
})
