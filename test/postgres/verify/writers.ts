import pg from 'pg'
import type { TestDatabase } from '../../support/databases.js'

/** Applications that write in every way that could confuse a count, until `stop`. */
export interface Writers {
  /** Transactions committed so far. */
  readonly committed: () => number
  /** Resolves when all have ended; rejects with the first unexpected error. */
  stop(): Promise<void>
}

type Work = (client: pg.Client, next: () => number, random: (n: number) => number) => Promise<void>

const truncating: Work = async (client, next, random) => {
  if (random(12) > 0) return
  await client.query('begin')
  await client.query(`insert into refilled values ($1::bigint)`, [next()])
  await client.query('truncate refilled')
  await client.query(`insert into refilled select $1::bigint * 100 + i from generate_series(1, 9) as i`, [next()])
  await client.query(`delete from refilled where id % 2 = 0`)
  await client.query('commit')
}

const WORKS: readonly Work[] = [
  async (client, next) => {
    await client.query('begin')
    const base = next()
    await client.query(`insert into plain select $1::bigint * 100 + i, 'w' from generate_series(1, 7) as i`, [base])
    await client.query(
      `insert into child select $1::bigint * 100 + i, $1::bigint * 100 + i from generate_series(1, 7) as i`,
      [base],
    )
    await client.query('commit')
  },
  async (client, _, random) => {
    // Cascades delete rows of another table in the same transaction.
    await client.query(`delete from plain where id in (select id from plain order by id offset $1::bigint limit 5)`, [
      random(20),
    ])
  },
  async (client, next) => {
    await client.query('begin')
    const base = next()
    await client.query(`insert into keyless values ($1::bigint, 'kept')`, [base])
    for (let i = 0; i < 6; i += 1) {
      await client.query('savepoint s')
      await client.query(`insert into keyless values ($1::bigint, 'sub')`, [base])
      await client.query(i % 2 === 0 ? 'rollback to s' : 'release s')
    }
    await client.query(`delete from keyless where id < $1::bigint - 50`, [base])
    await client.query('commit')
  },
  async (client, next) => {
    await client.query(`insert into part values ($1::bigint, ($1::bigint % 2)::int)`, [next()])
    await client.query(`update part set side = 1 - side where id in (select id from part order by id desc limit 3)`)
  },
  async (client, next) => {
    await client.query('begin')
    await client.query(`insert into plain values ($1::bigint, 'rolled back')`, [next()])
    await client.query('rollback')
  },
  async (client, next) => {
    await client.query(`set synchronous_commit = off`)
    await client.query(`insert into refilled values ($1::bigint)`, [next()])
    await client.query(`set synchronous_commit = on`)
  },
  async (client, next) => {
    // A transaction prepared before the snapshot and committed after it, or the other way round.
    const name = `p${String(next())}`
    await client.query('begin')
    await client.query(`insert into keyless values ($1::bigint, 'prepared')`, [next()])
    await client.query(`prepare transaction '${name}'`)
    await new Promise((resolve) => setTimeout(resolve, 15))
    await client.query(`commit prepared '${name}'`)
  },
]

/**
 * `truncates: false` while a slot is being made on 13: a TRUNCATE under way at that moment can leave it unable to decode
 * ("could not map filenode … to relation OID", again and again), a fault of Postgres.
 */
export function startWriters(source: TestDatabase, count: number, { truncates = true } = {}): Writers {
  const { host, port, user, password, database } = source
  let running = true
  const works = truncates ? [...WORKS, truncating] : WORKS
  let number = Math.floor(Date.now() / 1000) * 1000
  let committed = 0
  const next = (): number => (number += 1)
  let seed = 7
  const random = (n: number): number => {
    seed = (seed * 48271) % 2147483647
    return seed % n
  }
  const write = async (): Promise<void> => {
    const client = new pg.Client({ host, port, user, password, database })
    await client.connect()
    try {
      while (running) {
        const work = works[random(works.length)]
        await work?.(client, next, random).catch(async (error: unknown) => {
          await client.query('rollback')
          // Cascades and updates of the same rows collide now and then, as in life.
          if (!(error instanceof pg.DatabaseError) || !['40001', '40P01', '23505', '23503'].includes(error.code ?? ''))
            throw error
        })
        committed += 1
        await new Promise((resolve) => setTimeout(resolve, random(6)))
      }
    } finally {
      await client.end()
    }
  }
  const all = Promise.all(Array.from({ length: count }, write))
  // `stop` hands the error on.
  all.catch(() => undefined)
  return {
    committed: () => committed,
    stop: async () => {
      running = false
      await all
    },
  }
}
