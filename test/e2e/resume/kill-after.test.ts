import { expect, it } from 'vitest'
import { killAtBoundaries } from './boundaries.js'
import { EVERY_KIND } from './kinds.js'

it('goes on after kill -9 behind the intent and behind the record of every kind of action, doing nothing twice', async () => {
  expect([...(await killAtBoundaries({ points: ['after-intent', 'after-record'], each: 'kind' }))].sort()).toEqual(
    EVERY_KIND,
  )
})
