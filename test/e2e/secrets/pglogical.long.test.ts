import { expect, it } from 'vitest'
import { withPglogical } from '../../support/debian.js'
import { journeyWithSecrets } from './journey.js'

it.each([
  [15, 17],
  [13, 15],
] as const)(
  'shows no secret anywhere with pglogical from %i to %i, which echoes whole connection strings',
  async (from, to) => {
    const { leaks, read, ofWorkers } = await journeyWithSecrets({
      engine: 'pglogical',
      from: await withPglogical(from),
      to: await withPglogical(to),
      further: true,
    })
    expect(read).toBeGreaterThan(60)
    expect(leaks).toEqual([])
    // Where this is none any more, docs/pglogical.md must not warn of it.
    expect(ofWorkers).toBeGreaterThan(0)
  },
)
