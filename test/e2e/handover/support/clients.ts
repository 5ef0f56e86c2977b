import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { expect } from 'vitest'
import { sql, type TestDatabase } from '../../../support/databases.js'
import { as, type AppRole } from './shop.js'

/** Clients of an application that go to whichever side lets them write. */
export interface Clients {
  /** Waits until each has committed so many more rows. */
  each(more: number): Promise<void>
  stop(): Promise<void>
  /** Every row that a client was told is committed stands there, and no other. */
  expectAll(database: TestDatabase): Promise<void>
}

interface Client {
  readonly role: AppRole
  acknowledged: number
}

/** One client a role; each row of the ledger is tried, on one side after the other, until a server says it is committed. */
export function startClients(sides: readonly TestDatabase[], roles: readonly AppRole[]): Clients {
  const clients = roles.map((role): Client => ({ role, acknowledged: 0 }))
  let stopped = false
  const running = Promise.all(clients.map((client) => work(client, sides, () => stopped)))
  return {
    each: async (more) => {
      const wanted = clients.map((c) => c.acknowledged + more)
      await expect
        .poll(() => clients.every((c, i) => c.acknowledged >= (wanted[i] ?? 0)), { timeout: 60_000, interval: 50 })
        .toBe(true)
    },
    stop: async () => {
      stopped = true
      await running
    },
    expectAll: async (database) => {
      for (const { role, acknowledged } of clients) {
        const rows = await sql(database, `select count(*)::int as n, max(n) as last from ledger where who = $1`, [
          role.name,
        ])
        expect(rows, role.name).toEqual([{ n: acknowledged, last: acknowledged }])
      }
    },
  }
}

async function work(client: Client, sides: readonly TestDatabase[], stopped: () => boolean): Promise<void> {
  for (let turn = 0; !stopped(); turn++) {
    const side = sides[turn % sides.length]
    if (side === undefined) return
    const session = new pg.Client(as(side, client.role))
    session.on('error', () => undefined)
    try {
      await session.connect()
      while (!stopped()) {
        await commit(session, client)
        await delay(10)
      }
    } catch {
      // Refused, ended or read-only: the other side may serve by now.
      await delay(20)
    } finally {
      await session.end().catch(() => undefined)
    }
  }
}

/** A commit whose answer was lost is found by its key when it is tried again. */
async function commit(session: pg.Client, client: Client): Promise<void> {
  const n = client.acknowledged + 1
  try {
    await session.query(`insert into ledger (who, n) values ($1, $2)`, [client.role.name, n])
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '23505') throw error
  }
  client.acknowledged = n
}
