import { expect, it } from 'vitest'
import { killAtBoundaries } from './boundaries.js'
import { EVERY_KIND } from './kinds.js'

it('goes on after kill -9 before an intent and behind the SQL of every kind of action, doing nothing twice', async () => {
  expect([...(await killAtBoundaries({ points: ['before-intent', 'after-sql'], each: 'kind' }))].sort()).toEqual(
    EVERY_KIND,
  )
})
