import { BeltError } from '../../core/error.js'
import { SqlError } from '../../postgres/server-error.js'
import type { SideSessions } from './side-sessions.js'
import type { TableRun } from './table-run.js'
import type { TableResult } from './verify-result.js'

interface Running {
  readonly run: TableRun
  /** Tasks handed out and not ended. */
  tasks: number
  /** Nothing more to hand out. */
  taken: boolean
  over: boolean
}

export interface Outcome {
  readonly run: TableRun
  readonly result: TableResult
}

/**
 * Carries out all runs with `jobs` workers, first come first: a worker helps with the first table that still has tasks,
 * and looks into a table's differences when it ended the last of them. What one table cannot do, the others still can.
 */
export async function runTables(
  runs: readonly TableRun[],
  jobs: number,
  withSessions: (use: (sessions: SideSessions) => Promise<void>) => Promise<void>,
  onOutcome: (outcome: Outcome) => void,
  onTask: () => void,
): Promise<void> {
  const running = runs.map((run): Running => ({ run, tasks: 0, taken: false, over: false }))
  let stop = false
  const end = (state: Running, result: TableResult): void => {
    if (state.over) return
    state.over = true
    state.taken = true
    onOutcome({ run: state.run, result })
  }
  const attempt = async (state: Running, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      const reason = tellable(error)
      if (reason === undefined) throw error
      end(state, unknownTable(state.run.comparison.name, reason))
    }
  }
  const step = async (state: Running, sessions: SideSessions): Promise<void> => {
    state.tasks += 1
    await attempt(state, async () => {
      const task = await state.run.take(sessions)
      if (task === undefined) state.taken = true
      else if (!state.over) await task(sessions)
    })
    state.tasks -= 1
    onTask()
    if (state.taken && state.tasks === 0 && !state.over) {
      await attempt(state, async () => end(state, await state.run.finish(sessions)))
    }
  }
  const worker = (): Promise<void> =>
    withSessions(async (sessions) => {
      for (;;) {
        const next = running.find((state) => !state.taken)
        if (next === undefined || stop) return
        await step(next, sessions)
      }
    })
  const workers = Array.from({ length: Math.max(1, jobs) }, () =>
    worker().catch((error: unknown) => {
      stop = true
      throw error
    }),
  )
  await Promise.all(workers).finally(() => Promise.allSettled(workers))
}

/** What belongs to one table: the server refused a statement on it. Anything else ends the verification. */
function tellable(error: unknown): string | undefined {
  if (error instanceof SqlError && error.failureClass !== 'connection-lost') return error.message
  return error instanceof BeltError && error.code === 'replication-stands-still' ? error.message : undefined
}

export function unknownTable(table: string, couldNotTell: string): TableResult {
  return {
    table,
    verdict: 'unknown',
    method: undefined,
    rows: { source: 0, target: 0 },
    chunks: 0,
    suspectChunks: 0,
    differences: [],
    unexplored: 0,
    structure: [],
    couldNotTell,
  }
}
