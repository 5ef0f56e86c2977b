import { randomUUID } from 'node:crypto'
import type { Login } from './databases.js'
import { ledgerClient, type Commit, type ServingSide } from './ledger-client.js'
import { random } from './ledger-random.js'

export const LEDGER_SCHEMA = `
  create table ops (id bigserial primary key, tag text not null, ticket bigint not null, down bigint not null);
  create table keyed (id bigint generated always as identity primary key, tag text not null, value integer not null);
  create table keyless (tag text, value integer);
  create table documents (tag text, body json);
  create sequence ticket;
  create sequence down increment -1;`

/** Everything that clients were told is committed, kept outside of both databases. */
export interface Ledger {
  readonly commits: readonly Commit[]
  readonly refusals: Readonly<Record<ServingSide, number>>
  /** Resolves after so many more acknowledged commits; rejects with a client's error. */
  progress(commits: number): Promise<void>
  /** Lets each client finish what it does; resolves with the ledger, rejects with a client's error. */
  stop(): Promise<readonly Commit[]>
}

export interface LedgerOptions {
  readonly clients: number
  readonly seed: number
  /** Pause after each transaction, milliseconds, on average. */
  readonly pauseMs?: number
  /** Pause after a side did not let a client in, milliseconds (default 5): more where pauses are long. */
  readonly knockMs?: number
}

/** Clients that write to whichever side lets them in, and go over to the other when they are refused. */
export function startLedger(sides: Readonly<Record<ServingSide, Login>>, options: LedgerOptions): Ledger {
  const commits: Commit[] = []
  const refusals = { source: 0, target: 0 }
  let stopped = false
  let failure: unknown
  const run = randomUUID().slice(0, 8)
  const running = Promise.all(
    Array.from({ length: options.clients }, (_, index) =>
      ledgerClient({
        name: `${run}.${String(index)}`,
        sides,
        // Every other client knocks at the target first whenever it has to connect anew.
        prefers: index % 2 === 0 ? 'source' : 'target',
        random: random(options.seed * 1000 + index),
        pauseMs: options.pauseMs ?? 8,
        knockMs: options.knockMs ?? 5,
        stopped: () => stopped,
        committed: (commit) => commits.push(commit),
        refused: (side) => (refusals[side] += 1),
      }).catch((error: unknown) => {
        failure ??= error
        stopped = true
      }),
    ),
  )
  const rethrow = (): void => {
    if (failure !== undefined) throw new Error('a client of the ledger failed', { cause: failure })
  }
  return {
    commits,
    refusals,
    progress: async (more) => {
      const wanted = commits.length + more
      while (commits.length < wanted) {
        rethrow()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    stop: async () => {
      stopped = true
      await running
      rethrow()
      return commits
    },
  }
}
