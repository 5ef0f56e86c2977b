import type { ProveQuiet } from '../../actions/prove-quiet.js'
import { StoppedError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { SqlError } from '../../postgres/server-error.js'
import type { Session } from '../../postgres/session.js'
import { SQLSTATE } from '../../postgres/sqlstate.js'
import type { ExecuteContext } from '../execute-context.js'
import type { TableGuard } from '../table-guard.js'

const TABLES_PER_LOCK = 200
const LOCK_TRY_MS = 1_000
const LOCK_TRIES = 30

/**
 * SHARE is granted only when nobody holds ROW EXCLUSIVE: whoever has written and not committed does. Kept, as far as the
 * server's lock table has room, so that nobody writes afterwards either. Gives how many are kept.
 */
export async function lockEveryTable(
  action: ProveQuiet,
  guard: TableGuard,
  since: string,
  context: ExecuteContext,
): Promise<number> {
  const altered = new Set(action.altered.map((t) => quoteQualified(t.schema, t.name)))
  const isAltered = (t: QualifiedName): boolean => altered.has(quoteQualified(t.schema, t.name))
  await guard.begin(since)
  const room = Math.max(0, (await guard.room()) - action.altered.length)
  const others = action.tables.filter((t) => !isAltered(t))
  const rounds = [
    ...inBatches(others.slice(0, room)).map((tables) => ({ tables, keep: true })),
    ...inBatches(others.slice(room)).map((tables) => ({ tables, keep: false })),
  ]
  for (const { tables, keep } of rounds) await lockBatch(action, { tables, keep }, guard, context)
  await guard.mark()
  for (const tables of inBatches(action.tables.filter(isAltered))) {
    await lockBatch(action, { tables, keep: true }, guard, context)
  }
  return Math.min(room, others.length) + action.tables.length - others.length
}

function inBatches(tables: readonly QualifiedName[]): readonly (readonly QualifiedName[])[] {
  const count = Math.ceil(tables.length / TABLES_PER_LOCK)
  return Array.from({ length: count }, (_, n) => tables.slice(n * TABLES_PER_LOCK, (n + 1) * TABLES_PER_LOCK))
}

interface Batch {
  readonly tables: readonly QualifiedName[]
  readonly keep: boolean
}

async function lockBatch(
  action: ProveQuiet,
  { tables, keep }: Batch,
  guard: TableGuard,
  context: ExecuteContext,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    context.signal.throwIfAborted()
    if (await tryLock(guard, { tables, keep })) return
    const blockers = await writersOf(
      context.watch[action.side],
      tables.map((t) => quoteQualified(t.schema, t.name)),
    )
    if (tried >= LOCK_TRIES) {
      throw new StoppedError(
        'writer-left',
        `a transaction still writes to the ${action.side}: ${blockers.join(', ')}`,
        {
          hint: 'End it, then run the same command again.',
        },
      )
    }
    context.emit({
      type: 'action-waiting',
      action: action.id,
      waitedMs: tried * LOCK_TRY_MS,
      reasons: blockers,
      blockers: [],
    })
  }
}

async function tryLock(guard: TableGuard, { tables, keep }: Batch): Promise<boolean> {
  try {
    await guard.lock(tables, { keep, waitMs: LOCK_TRY_MS })
    return true
  } catch (error) {
    if (error instanceof SqlError && error.sqlState === SQLSTATE.lockNotAvailable) return false
    throw error
  }
}

async function writersOf(session: Session, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query<{ what: string }>(
    `select distinct pg_catalog.format('%s holds %s on %s', coalesce('process ' || l.pid || ' (user ' || a.usename || ', '
         || coalesce(nullif(a.application_name, ''), 'no application name') || ')', 'a prepared transaction'),
       l.mode, l.relation::regclass) as what
     from pg_catalog.pg_locks as l left join pg_catalog.pg_stat_activity as a on a.pid = l.pid
     where l.locktype = 'relation' and l.granted
       and l.mode in ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
       and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
       and l.relation = any (array(select t.name::regclass::oid from pg_catalog.unnest($1::text[]) as t (name)))
     order by 1 limit 5`,
    [tables],
  )
  return rows.length === 0 ? ['somebody whom pg_locks does not show any more'] : rows.map((r) => r.what)
}
