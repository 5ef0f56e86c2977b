import type pg from 'pg'
import { expect } from 'vitest'
import { sql, withClient, type Row, type TestDatabase } from '../../support/databases.js'
import type { RunningBelt } from '../../support/run-belt.js'
import type { Move } from './move.js'

/** What keeps an action from getting on: a transaction of somebody else. */
export interface Hold {
  readonly on: 'source' | 'target'
  /** Statements of the transaction that stands in the way. */
  readonly by: string
  /** Before which action the way is blocked. */
  readonly before: string
}

export interface Held {
  readonly running: RunningBelt
  /** Ends the transaction that stood in the way. */
  readonly release: () => Promise<void>
  readonly blocker: pg.Client
}

/** Runs `use` while apply is inside an action that somebody else's transaction holds up. */
export async function whileHeld<Result>(move: Move, hold: Hold, use: (held: Held) => Promise<Result>): Promise<Result> {
  const before = await move.killedAt(`before-intent:${hold.before}`, 'apply', 'plan.json')
  expect(before, before.stderr).toMatchObject({ signal: 'SIGKILL' })
  return withClient(move[hold.on], async (blocker) => {
    blocker.on('error', () => undefined)
    await blocker.query(`begin; ${hold.by}`)
    const running = await move.start('apply', 'plan.json')
    try {
      await expect.poll(() => waiting(move, hold), { interval: 100 }).toHaveLength(1)
      return await use({
        running,
        blocker,
        release: async () => {
          await blocker.query('rollback')
        },
      })
    } finally {
      running.kill()
    }
  })
}

/** Sessions of the migration whose statement waits for a lock. */
export function waiting(move: Move, { on }: Pick<Hold, 'on'>): Promise<readonly Row[]> {
  return sql(
    move[on],
    `select query from pg_stat_activity where starts_with(application_name, $1) and wait_event_type = 'Lock'`,
    [`belt/${move.name}/`],
  )
}

/** Every session of the migration on one server. */
export function sessionsOf(move: Move, database: TestDatabase): Promise<readonly { pid: number; query: string }[]> {
  return sql(database, `select pid, query from pg_stat_activity where starts_with(application_name, $1) order by pid`, [
    `belt/${move.name}/`,
  ])
}
