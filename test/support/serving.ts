import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Login } from './databases.js'
import type { Taken } from './ledger-check.js'
import { isLost, isRefusal, type ServingSide } from './ledger-client.js'

/** Looks, one after the other, at which side lets the application in and takes a write of it. */
export interface ServingWatch {
  /** All looks so far, those that were turned away too. */
  looks(): number
  /** The writes that were taken, each of them rolled back. */
  stop(): Promise<readonly Taken[]>
}

const LOOK_MS = 30

export function watchServing(sides: Readonly<Record<ServingSide, Login>>, write: string): ServingWatch {
  const taken: Taken[] = []
  let looks = 0
  const stopped = new AbortController()
  const look = async (side: ServingSide): Promise<void> => {
    looks += 1
    const begunAt = Date.now()
    if (await takes(sides[side], write)) {
      taken.push({ tag: `look ${String(looks)}`, side, begunAt, knownAt: Date.now(), acknowledged: true })
    }
  }
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await look('source')
      await look('target')
      await delay(LOOK_MS)
    }
  })()
  // Told by stop(); until then nobody waits for it.
  running.catch(() => undefined)
  return {
    looks: () => looks,
    stop: async () => {
      stopped.abort()
      await running
      return taken
    },
  }
}

async function takes({ host, port, user, password, database }: Login, write: string): Promise<boolean> {
  const client = new pg.Client({ host, port, user, password, database, application_name: 'looks' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('begin')
    await client.query(write)
    await client.query('rollback')
    return true
  } catch (error) {
    if (isRefusal(error) || isLost(error)) return false
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}
