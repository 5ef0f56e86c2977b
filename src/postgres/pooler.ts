import { randomBytes } from 'node:crypto'
import { withConnection } from './connect.js'
import type { ConnectionSettings } from './connection-settings.js'
import type { Session } from './session.js'
import { inTransaction } from './transaction.js'

/** `direct` also stands for a pooler in session mode, which behaves like the server itself. */
export type PoolerFinding =
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'transaction-pooler'
      /** What gave it away, as a sentence. */
      readonly evidence: string
    }

/**
 * Whether statements of one connection may reach different server processes. Two statements in a row are not enough:
 * an idle pooler gives the same process again. So a second connection opens a transaction in between and keeps a
 * process busy; behind a pooler it takes the very one that served the first connection.
 */
export async function detectPooler(settings: ConnectionSettings, signal: AbortSignal): Promise<PoolerFinding> {
  return withConnection(settings, signal, (first) =>
    withConnection(settings, signal, async (second) => {
      const mark = randomBytes(8).toString('hex')
      const before = await markAndPid(first, mark)
      return inTransaction(second, {}, async () => {
        const other = await markAndPid(second, '')
        const after = await readMarkAndPid(first)
        return judge(before, other, after, mark)
      })
    }),
  )
}

function judge(
  before: number,
  other: number,
  after: { pid: number; mark: string | null },
  mark: string,
): PoolerFinding {
  if (other === before) {
    return found(`two connections were served by the same server process ${before}`)
  }
  if (after.pid !== before) {
    return found(`two statements of one connection were served by the processes ${before} and ${after.pid}`)
  }
  if (after.mark !== mark) return found('a setting made by SET was lost before the next statement')
  return { kind: 'direct' }
}

function found(evidence: string): PoolerFinding {
  return { kind: 'transaction-pooler', evidence }
}

async function markAndPid(session: Session, mark: string): Promise<number> {
  const { pid } = await session.one<{ pid: number }>(
    `select pg_catalog.pg_backend_pid()::int4 as pid, pg_catalog.set_config('belt.pooler_probe', $1, false) as mark`,
    [mark],
  )
  return pid
}

async function readMarkAndPid(session: Session): Promise<{ pid: number; mark: string | null }> {
  return session.one(
    `select pg_catalog.pg_backend_pid()::int4 as pid, pg_catalog.current_setting('belt.pooler_probe', true) as mark`,
  )
}
