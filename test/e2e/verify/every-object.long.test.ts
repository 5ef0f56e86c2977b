import { expect, test } from 'vitest'
import { everyRoles, loadEveryObject, loadEveryRow } from '../../fixtures/load-every-object.js'
import { sql, uniqueName } from '../../support/databases.js'
import { pair } from '../../support/servers.js'
import { move } from '../breadth/support/move.js'

interface Verified {
  readonly verdict: string
  readonly tables: readonly { readonly table: string; readonly verdict: string }[]
  readonly differences: readonly unknown[]
  readonly notCompared: readonly { readonly table: string; readonly onPurpose: boolean }[]
  readonly structure: { readonly findings: readonly { readonly what: string; readonly problem: string }[] }
}

test('finds nothing different on a 17 to which every kind of object of a 15 was moved', async () => {
  const { source, target } = await pair(15, 17, 'every_verified')
  const ending = uniqueName('')
  await loadEveryObject(source, ending)
  await loadEveryRow(source)
  const every = await move({ source, target, spec: { roles: { copy: everyRoles(ending) } } })
  await every.apply()

  const { stdout } = await every.belt('verify', '--json')
  const found = JSON.parse(stdout) as Verified
  expect(found.structure.findings).toEqual([])
  expect(found.tables.filter((t) => t.verdict !== 'equal')).toEqual([])
  expect(found.differences).toEqual([])
  expect(found.notCompared.filter((t) => !t.onPurpose)).toEqual([])
  expect(found.verdict).toBe('equal')

  const planted = await sql(
    target,
    `update every.item set price = price + 1 where ctid = (select min(ctid) from every.item) returning 1 as one`,
  )
  expect(planted).toHaveLength(1)
  const different = await every.belt('verify')
  expect(different).toMatchObject({ code: 2 })
  expect(different.stdout).toContain('every.item  1 changed')
})
