import { expect } from 'vitest'
import { rowsOf } from '../../breadth/support/rows.js'
import { migration, type Migration } from './migration.js'
import { carriedPair, NATIVE } from './engines.js'
import type { OwnPair } from './servers.js'
import { as, letsIn, makeShop, trade, type Shop } from './shop.js'
import { accessOf, behind } from './stand.js'

export interface Ready extends OwnPair {
  readonly shop: Shop
  readonly life: Migration
}

export async function ready(
  name: string,
  cutover: Readonly<Record<string, unknown>>,
  approve: readonly string[] = [],
  carried = NATIVE,
): Promise<Ready> {
  const databases = await carriedPair(name, carried)
  const shop = await makeShop(databases.source)
  const life = await migration(databases, {
    copyRoles: [shop.app.name, shop.granted.name],
    spec: { engine: carried.engine, cutover },
    approve,
  })
  await life.reach('replicating')
  return { ...databases, shop, life }
}

export async function expectSourceServes({ source, target, shop }: Ready, wanted: unknown): Promise<void> {
  expect(await letsIn(source, shop.app)).toBe(true)
  expect(await letsIn(source, shop.granted)).toBe(true)
  expect(await letsIn(target, shop.app)).toBe(false)
  expect(await accessOf(source)).toEqual(wanted)
}

export async function expectCutsOver({ source, target, shop, life }: Ready): Promise<void> {
  await trade(as(source, shop.app), 1)
  await life.reach('cutover')
  expect(await letsIn(target, shop.app)).toBe(true)
  expect(await letsIn(source, shop.app)).toBe(false)
  expect(await behind(target, source)).toEqual([])
  await expect.poll(() => rowsOf(target)).toEqual(await rowsOf(source))
  await trade(as(target, shop.app), 2)
}
