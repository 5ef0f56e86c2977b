import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Login } from './databases.js'

export type ServingSide = 'source' | 'target'

/** What one transaction does to rows that only this client touches, by tag. */
export interface Effect {
  readonly table: 'keyed' | 'keyless' | 'documents'
  readonly tag: string
  /** Undefined: the row is deleted. */
  readonly value: number | undefined
}

/** A transaction that the client was told is committed, or found committed when it looked after a lost answer. */
export interface Commit {
  readonly tag: string
  readonly side: ServingSide
  /** Milliseconds since the epoch: the commit lies between the two. */
  readonly begunAt: number
  readonly knownAt: number
  readonly acknowledged: boolean
  readonly effects: readonly Effect[]
}

export interface ClientOptions {
  readonly name: string
  readonly sides: Readonly<Record<ServingSide, Login>>
  readonly prefers: ServingSide
  readonly random: () => number
  readonly pauseMs: number
  /** Pause after a side did not let it in, milliseconds. */
  readonly knockMs: number
  readonly stopped: () => boolean
  readonly committed: (commit: Commit) => void
  readonly refused: (side: ServingSide) => void
}

interface Doubtful {
  readonly tag: string
  readonly side: ServingSide
  readonly begunAt: number
  readonly effects: readonly Effect[]
}

/** After so many transactions a client hangs up and connects anew, as pools do. */
const PER_CONNECTION = 40

export async function ledgerClient(options: ClientOptions): Promise<void> {
  const rows = new Map<string, Effect>()
  let doubtful: Doubtful | undefined
  let number = 0
  let side = options.prefers
  while (!options.stopped() || doubtful !== undefined) {
    const client = await knock(options, side)
    if (client === undefined) {
      side = side === 'source' ? 'target' : 'source'
      await delay(options.knockMs)
      continue
    }
    try {
      if (doubtful !== undefined) {
        const { rows: found } = await client.query('select from ops where tag = $1', [doubtful.tag])
        if (found.length > 0) {
          note(rows, doubtful.effects)
          options.committed({ ...doubtful, knownAt: Date.now(), acknowledged: false })
        }
        doubtful = undefined
      }
      for (let done = 0; done < PER_CONNECTION && !options.stopped(); done++) {
        number += 1
        const tag = `${options.name}.${String(number)}`
        const effects = choose(options.random, rows, tag)
        const begunAt = Date.now()
        doubtful = { tag, side, begunAt, effects }
        await transact(client, tag, effects)
        note(rows, effects)
        options.committed({ tag, side, begunAt, knownAt: Date.now(), acknowledged: true, effects })
        doubtful = undefined
        await delay(options.random() * 2 * options.pauseMs)
      }
      side = options.prefers
    } catch (error) {
      if (!isLost(error)) throw error
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

/** Undefined when this side does not let the application in. */
async function knock({ sides, refused }: ClientOptions, side: ServingSide): Promise<pg.Client | undefined> {
  const { host, port, user, password, database } = sides[side]
  const client = new pg.Client({ host, port, user, password, database, application_name: 'ledger' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    if (!isRefusal(error) && !isLost(error)) throw error
    refused(side)
    return undefined
  }
}

/** One to three rows in one transaction, and always its own entry, by which it is told after a lost answer. */
function choose(random: () => number, rows: ReadonlyMap<string, Effect>, tag: string): readonly Effect[] {
  const count = 1 + Math.floor(random() * 3)
  const touched = new Set<string>()
  return Array.from({ length: count }, (_, index): Effect => {
    const old = [...rows.values()].filter((e) => !touched.has(e.tag))
    const value = Math.floor(random() * 1_000_000)
    const dice = random()
    const picked = old[Math.floor(random() * old.length)]
    if (picked !== undefined && dice > 0.5) {
      touched.add(picked.tag)
      return { ...picked, value: dice > 0.8 ? undefined : value }
    }
    const table = dice < 0.2 ? 'keyed' : dice < 0.35 ? 'keyless' : 'documents'
    return { table, tag: `${tag}.${String(index)}`, value }
  })
}

async function transact(client: pg.Client, tag: string, effects: readonly Effect[]): Promise<void> {
  await client.query('begin')
  await client.query(`insert into ops (tag, ticket, down) values ($1, nextval('ticket'), nextval('down'))`, [tag])
  for (const { table, tag: row, value } of effects) {
    const column = table === 'documents' ? `body` : 'value'
    const given = table === 'documents' ? JSON.stringify({ value }) : value
    if (value === undefined) await client.query(`delete from ${table} where tag = $1`, [row])
    else {
      const { rowCount } = await client.query(`update ${table} set ${column} = $2 where tag = $1`, [row, given])
      if (rowCount === 0) await client.query(`insert into ${table} (tag, ${column}) values ($1, $2)`, [row, given])
    }
  }
  await client.query('commit')
}

function note(rows: Map<string, Effect>, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.value === undefined) rows.delete(effect.tag)
    else rows.set(effect.tag, effect)
  }
}

/** insufficient_privilege on the database, or no such login (yet). */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['42501', '28000', '28P01'].includes(error.code ?? '')
}

/** The session was ended by the server, or the line broke: any other error is one that an application would see. */
export function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return ['57P01', '57P02', '57P03'].includes(error.code ?? '')
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ECONNRESET' || code === 'ECONNREFUSED' || code === 'EPIPE') return true
  return error instanceof Error && /Connection terminated|not queryable|closed/u.test(error.message)
}
