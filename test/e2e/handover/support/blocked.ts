import pg from 'pg'
import { onTestFinished } from 'vitest'
import { expect } from 'vitest'
import { sql, type TestDatabase } from '../../../support/databases.js'
import type { Ready } from './ready.js'
import { as } from './shop.js'

/** A session on the side that is not fenced, which holds a lock until it is let go. */
export async function hold(
  { host, port, user, password, database }: TestDatabase,
  text: string,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ host, port, user, password, database })
  client.on('error', () => undefined)
  await client.connect()
  await client.query(`begin; ${text}`)
  const release = async (): Promise<void> => {
    await client.end().catch(() => undefined)
  }
  onTestFinished(release)
  return release
}

/**
 * A cutover that is ready for its pause, and one change that the target cannot apply until the lock is let go: the drain
 * will not end. The lock comes after everything that is made before the pause, which would wait for its holder.
 */
export async function blockDrain({ source, target, shop, life }: Ready): Promise<() => Promise<void>> {
  await life.ask('cutover')
  await life.plan()
  expect(await life.killedAt('before-intent:fence.source', 'apply', 'plan.json')).toMatchObject({ signal: 'SIGKILL' })
  const release = await hold(target, 'select from orders where id = 10 for update')
  await sql(as(source, shop.app), `update orders set note = 'late' where id = 10`)
  return release
}
