import { setTimeout as delay } from 'node:timers/promises'
import { withClient, type Login } from './databases.js'

/** Sessions that write until they are stopped. */
export interface Writers {
  /** How many rounds have been committed so far. */
  committed(): number
  /** Resolves once so many more rounds are committed; rejects with a writer's error. */
  progress(rounds: number): Promise<void>
  /** Lets each finish its round; resolves with the number of committed rounds, rejects with a writer's error. */
  stop(): Promise<number>
}

export interface WriterOptions {
  /** Sessions at once (default 2). */
  readonly sessions?: number
  /** Pause after each round (default 5 ms), so that the tests' two cores stay usable. */
  readonly pauseMs?: number
  /** They end by themselves after so many rounds in all (default 100,000), should nobody stop them. */
  readonly limit?: number
}

/**
 * Starts sessions that run `text` in one transaction again and again, as an application would. Its `$1` is the number
 * of the round, unique over all sessions.
 */
export function startWriters(login: Login, text: string, options: WriterOptions = {}): Writers {
  const { sessions = 2, pauseMs = 5, limit = 100_000 } = options
  let stopped = false
  let round = 0
  let committed = 0
  let failure: unknown
  const write = async (): Promise<void> => {
    await withClient(login, async (client) => {
      while (!stopped && round < limit) {
        round += 1
        await client.query(text, [round])
        committed += 1
        await delay(pauseMs)
      }
    })
  }
  const running = Promise.all(
    Array.from({ length: sessions }, () =>
      write().catch((error: unknown) => {
        failure ??= error
        stopped = true
      }),
    ),
  )
  const rethrow = (): void => {
    if (failure !== undefined) throw new Error('a writer of the test failed', { cause: failure })
  }
  return {
    committed: () => committed,
    progress: async (rounds) => {
      const wanted = committed + rounds
      while (committed < wanted) {
        rethrow()
        if (stopped || round >= limit) throw new Error(`the writers ended after ${String(committed)} rounds`)
        await delay(10)
      }
    },
    stop: async () => {
      stopped = true
      await running
      rethrow()
      return committed
    },
  }
}
