import { expect, it } from 'vitest'
import { debianTree } from '../../support/debian.js'
import { journeyWithSecrets } from './journey.js'

it('shows no secret anywhere when the schema is read by a pg_dump of the machine', async () => {
  const { leaks, read } = await journeyWithSecrets({ pathOfTools: await debianTree(17), further: true })
  expect(read).toBeGreaterThan(40)
  expect(leaks).toEqual([])
})
