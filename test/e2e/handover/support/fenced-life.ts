import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { EngineName, FenceMethod } from '../../../../src/spec/spec.js'
import { rowsOf } from '../../breadth/support/rows.js'
import { sql, type TestDatabase } from '../../../support/databases.js'
import { startClients, type Clients } from './clients.js'
import { migration, type Migration } from './migration.js'
import type { OwnPair } from './servers.js'
import { as, letsIn, type AppRole } from './shop.js'
import { makeStaff, namesOf, writersOf, type Staff } from './staff.js'

export interface FencedLife extends OwnPair {
  readonly life: Migration
  readonly staff: Staff
  readonly clients: Clients
}

/** A migration at `replicating`, with a client of every kind of login writing. */
export async function fencedLife(
  databases: OwnPair,
  fence: FenceMethod,
  engine: EngineName = 'native',
): Promise<FencedLife> {
  const { source, target } = databases
  const staff = await makeStaff(source)
  const life = await migration(databases, {
    copyRoles: namesOf(staff),
    spec: { engine, cutover: { fence, except_roles: [staff.monitor.name], max_pause: '60s' } },
  })
  await life.reach('replicating')
  const clients = startClients([source, target], writersOf(staff))
  await clients.each(3)
  return { ...databases, life, staff, clients }
}

/** Whether a login can write there: it is let in, and its transactions are not read-only. */
export async function mayWrite(database: TestDatabase, role: AppRole): Promise<boolean> {
  if (!(await letsIn(database, role))) return false
  const [now] = await sql<{ off: boolean }>(
    as(database, role),
    `select current_setting('transaction_read_only') = 'off' as off`,
  )
  return now?.off === true
}

export async function expectWrites({ staff, source, target }: FencedLife, side: 'source' | 'target'): Promise<void> {
  for (const role of writersOf(staff)) {
    const may = { source: await mayWrite(source, role), target: await mayWrite(target, role) }
    expect(may, role.name).toEqual({ source: side === 'source', target: side === 'target' })
  }
}

export async function expectAlike({ source, target }: FencedLife, except: readonly string[] = []): Promise<void> {
  const same = async (): Promise<boolean> =>
    isDeepStrictEqual(await rowsOf(source, except), await rowsOf(target, except))
  await expect.poll(same, { timeout: 20_000, interval: 100 }).toBe(true)
}
