import { expect, it } from 'vitest'
import { killAtBoundaries } from './boundaries.js'
import { EVERY_KIND } from './kinds.js'

it.each([{ majors: [12, 18] }, { majors: [13, 17] }, { majors: [18, 14] }] as const)(
  'goes on after kill -9 behind the SQL of every kind of action, from $majors.0 to $majors.1',
  async ({ majors }) => {
    const killed = await killAtBoundaries({ points: ['after-intent', 'after-sql'], each: 'kind', majors })
    expect([...killed].sort()).toEqual(EVERY_KIND)
  },
)
