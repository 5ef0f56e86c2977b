import { expect, it } from 'vitest'
import { killAtBoundaries } from './boundaries.js'
import { EVERY_KIND } from './kinds.js'

it.each([{ points: ['before-intent', 'after-intent', 'after-sql'] }, { points: ['after-record'] }] as const)(
  'goes on after kill -9 at $points of every single action',
  async ({ points }) => {
    expect([...(await killAtBoundaries({ points, each: 'action' }))].sort()).toEqual(EVERY_KIND)
  },
)
