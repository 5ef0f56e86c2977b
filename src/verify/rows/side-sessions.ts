import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import { withConnection } from '../../postgres/connect.js'
import type { ConnectionSettings } from '../../postgres/connection-settings.js'
import { retry } from '../../postgres/retry.js'
import type { Session } from '../../postgres/session.js'
import type { Statement } from './statement.js'

/** One worker's connection to either side. */
export interface SideSessions {
  /** One chunk: bounded by the statement timeout. */
  read<Row>(side: Side, statement: Statement): Promise<readonly Row[]>
  /** A scan in the order of the heap, as long as it takes. */
  scan<Row>(side: Side, statement: Statement): Promise<readonly Row[]>
}

/**
 * Beyond belt's own settings (session-settings.ts): money prints by lc_monetary; belt alone decides how much runs at once;
 * a chunk must use its index even if the table was never analyzed; grouping by bucket must not become a sort on disk;
 * and nothing here writes.
 */
const SETTINGS = `
  select
    pg_catalog.set_config('lc_monetary', 'C', false),
    pg_catalog.set_config('max_parallel_workers_per_gather', '0', false),
    pg_catalog.set_config('enable_seqscan', 'off', false),
    pg_catalog.set_config('work_mem', '64MB', false),
    pg_catalog.set_config('default_transaction_read_only', 'on', false)`

export interface SessionLimits {
  readonly statementTimeoutMs: number
}

const LOCK_TIMEOUT_MS = 5_000

export async function withSideSessions<Result>(
  connections: Readonly<Record<Side, ConnectionSettings>>,
  { statementTimeoutMs }: SessionLimits,
  signal: AbortSignal,
  use: (sessions: SideSessions) => Promise<Result>,
): Promise<Result> {
  const options = { statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS }
  const open = (side: Side, then: (session: Session) => Promise<Result>): Promise<Result> =>
    withConnection(
      connections[side],
      signal,
      async (session) => {
        await session.query(SETTINGS)
        return then(session)
      },
      options,
    )
  return open('source', (source) =>
    open('target', (target) => {
      const sessions = { source, target }
      // A lock that DDL holds goes away again; a statement that ran into its timeout would do so again.
      const read = <Row>(side: Side, { text, values }: Statement): Promise<readonly Row[]> =>
        retry(() => sessions[side].query<Row>(text, values), { signal })
      const set = (side: Side, ms: number, seqscan: 'on' | 'off'): Promise<unknown> =>
        sessions[side].query(
          `select pg_catalog.set_config('statement_timeout', $1, false), pg_catalog.set_config('enable_seqscan', $2, false)`,
          [`${ms}ms`, seqscan],
        )
      return use({
        read,
        scan: async <Row>(side: Side, statement: Statement) => {
          try {
            await set(side, 0, 'on')
            return await read<Row>(side, statement)
          } finally {
            // What failed is what has to be told; a session that is lost or was cancelled reads no more chunks.
            await set(side, statementTimeoutMs, 'off').catch(() => undefined)
          }
        },
      })
    }),
  )
}

/** The same on both sides at once. */
export async function onBoth<T>(work: (side: Side) => Promise<T>): Promise<Readonly<Record<Side, T>>> {
  const [source, target] = await Promise.all(SIDES.map(work))
  if (source === undefined || target === undefined) throw new RangeError('two sides')
  return { source, target }
}
