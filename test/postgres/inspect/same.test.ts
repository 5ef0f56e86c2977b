import { expect, onTestFinished, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/catalog.js'
import { pair } from '../../support/servers.js'
import type { TestDatabase } from '../../support/databases.js'
import { inspect, without } from './connected.js'
import { dropRich, makeRich, richNames, type RichNames } from './rich-database.js'

async function fill(db: TestDatabase, names: RichNames): Promise<TestDatabase> {
  await makeRich(db, names)
  onTestFinished(() => dropRich(db, names))
  return db
}

/** All but what may differ between two looks; slots, roles and subscriptions of a shared server come and go with other tests. */
function steady(catalog: Catalog, names: RichNames): unknown {
  const { activity: _, subscriptionOids: _oids, ...rest } = catalog
  const mine = Object.values(names) as readonly string[]
  const only = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] =>
    list.filter((item) => mine.includes(item.name))
  const { siblings: _siblings, ...database } = rest.database
  return without(
    { ...rest, database, roles: only(rest.roles), slots: only(rest.slots), origins: only(rest.origins) },
    'volatile',
  )
}

test.each([12, 17] as const)('two looks at one database of %i give the same catalog', async (major) => {
  const names = richNames()
  const { source: db } = await pair(major, major)
  await fill(db, names)
  expect(steady(await inspect(db), names)).toEqual(steady(await inspect(db), names))
})

test('the same structure on 13 and on 17 gives the same lists', async () => {
  const names = richNames()
  const { source, target } = await pair(13, 17)
  const [older, newer] = await Promise.all(
    [fill(source, names), fill(target, names)].map(async (db) => inspect(await db)),
  )
  for (const list of [
    'indexes',
    'constraints',
    'sequences',
    'triggers',
    'eventTriggers',
    'materializedViews',
  ] as const) {
    expect(without(newer?.[list], 'volatile')).toEqual(without(older?.[list], 'volatile'))
  }
  const tables = newer?.tables.filter((t) => t.name !== 'multi')
  expect(without(tables, 'volatile', 'oid')).toEqual(without(older?.tables, 'volatile', 'oid'))
  expect(older?.tables.length).toBeGreaterThan(15)
})
