import { expect, it } from 'vitest'
import { journeyWithSecrets } from './journey.js'

it('shows no secret anywhere on the whole journey, failures included', async () => {
  const { leaks, read } = await journeyWithSecrets()
  expect(read).toBeGreaterThan(40)
  expect(leaks).toEqual([])
})
