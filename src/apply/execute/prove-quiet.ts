import type { ProveQuiet } from '../../actions/prove-quiet.js'
import { StoppedError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import { readMayConnect } from '../../inspect/may-connect.js'
import { SqlError } from '../../postgres/server-error.js'
import { PGLOGICAL_WORKER_KIND, pglogicalHere } from '../../postgres/pglogical.js'
import type { Session } from '../../postgres/session.js'
import { sleep } from '../../postgres/sleep.js'
import { SQLSTATE } from '../../postgres/sqlstate.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext } from '../execute-context.js'

/** Looks in a row without a foreign session that make it quiet. */
const QUIET_LOOKS = 3
const LOOK_MS = 30
const TABLES_PER_LOCK = 200
const LOCK_TRY_MS = 1_000
const LOCK_TRIES = 30

interface Left {
  readonly sessions: readonly string[]
  readonly prepared: readonly string[]
}

/** Ends sessions until none is left, then proves with a lock that no transaction writes (rule 16). */
export async function executeProveQuiet(action: ProveQuiet, context: ExecuteContext): Promise<Evidence> {
  const session = context.work[action.side]
  const started = performance.now()
  const { begunAt } = await session.one<{ begunAt: string }>(`select pg_catalog.clock_timestamp()::text as "begunAt"`)
  await demandFenced(session, action)
  const ownWorker = await workerOf(session, action.ownSubscription)
  let ended = 0
  let quiet = 0
  let told = started
  while (quiet < QUIET_LOOKS) {
    context.signal.throwIfAborted()
    await context.fence()
    for (const sql of action.sql) ended += (await session.query(sql, sql.includes('$1') ? [begunAt] : [])).length
    const left = await look(session, action, begunAt, ownWorker)
    quiet = left.sessions.length + left.prepared.length === 0 ? quiet + 1 : 0
    const now = performance.now()
    if (quiet === 0 && now - told > 2_000) {
      told = now
      const reasons = [...left.sessions, ...left.prepared]
      context.emit({
        type: 'action-waiting',
        action: action.id,
        waitedMs: Math.round(now - started),
        reasons,
        blockers: [],
      })
    }
    if (quiet < QUIET_LOOKS) await sleep(LOOK_MS, context.signal)
  }
  const sessionsMs = Math.round(performance.now() - started)
  await lockEveryTable(action, session, context)
  // Somebody may have been let in meanwhile.
  await demandFenced(session, action)
  return { ended, sessionsMs, locked: action.tables.length }
}

/** Nobody is connected, and nobody can: a role that got LOGIN or CONNECT since the plan was made is not in its fence. */
async function demandFenced(session: Session, { side, fenced, exempt }: ProveQuiet): Promise<void> {
  if (fenced !== true) return
  const left = await readMayConnect(session, exempt)
  if (left.length === 0) return
  const more = left.length > 10 ? ` and ${String(left.length - 10)} more` : ''
  throw new StoppedError(
    'not-fenced',
    `the fence of the ${side} does not keep out ${left.slice(0, 10).join(', ')}${more}: LOGIN, CONNECT or a membership was given since the plan was made`,
    { hint: 'Make a new plan. Who never writes may be named in cutover.except_roles.' },
  )
}

/** What pg_stat_activity calls the process that applies a subscription of pglogical; null where it has none of that name. */
async function workerOf(session: Session, subscription: string): Promise<string | null> {
  if (!(await pglogicalHere(session))) return null
  const [worker] = await session.query<{ type: string }>(
    `select ${PGLOGICAL_WORKER_KIND} as type
     from pglogical.subscription as s, pg_catalog.pg_database as d
     where s.sub_name = $1::name and d.datname = pg_catalog.current_database()`,
    [subscription],
  )
  return worker?.type ?? null
}

/**
 * Whatever could still write in this database: every process but belt's own, walsenders, autovacuum and exempt roles.
 * Of pglogical's workers those that only start others count no more than those of belt's own way back; any other subscription
 * writes here, and no fence holds it.
 * Without pg_read_all_stats the kind of other users' processes is hidden; then those of a user count.
 */
async function look(
  session: Session,
  { exempt, newcomers }: ProveQuiet,
  begunAt: string,
  ownWorker: string | null,
): Promise<Left> {
  const sessions = await session.query<{ what: string }>(
    `select pg_catalog.format('%s %s (user %s, %s, %s)', coalesce(nullif(a.backend_type, 'client backend'), 'process'), a.pid,
       a.usename, coalesce(nullif(a.application_name, ''), 'no application name'), a.state) as what
     from pg_catalog.pg_stat_activity as a
     where a.datname = pg_catalog.current_database() and a.pid <> pg_catalog.pg_backend_pid()
       and case when a.backend_type is null then a.usename is not null
         else a.backend_type not in ('walsender', 'autovacuum worker', 'autovacuum launcher')
           and a.backend_type !~ '^pglogical (supervisor|manager)' and a.backend_type is distinct from $4::text end
       and coalesce(a.application_name, '') not like 'belt/%' and coalesce(a.usename, '') <> all ($1::text[])
       and ($2::text = 'refused' or a.backend_start < $3::timestamptz or a.backend_xid is not null)
     order by a.pid`,
    [exempt, newcomers, begunAt, ownWorker],
  )
  const prepared = await session.query<{ what: string }>(
    `select pg_catalog.format('prepared transaction %s of %s', p.gid, p.owner) as what
     from pg_catalog.pg_prepared_xacts as p
     where p.database = pg_catalog.current_database()
     order by p.prepared`,
  )
  return { sessions: sessions.map((s) => s.what), prepared: prepared.map((p) => p.what) }
}

/** SHARE is granted only when nobody holds ROW EXCLUSIVE: whoever has written and not committed does. */
async function lockEveryTable(action: ProveQuiet, session: Session, context: ExecuteContext): Promise<void> {
  for (let from = 0; from < action.tables.length; from += TABLES_PER_LOCK) {
    const list = action.tables.slice(from, from + TABLES_PER_LOCK).map((t) => quoteQualified(t.schema, t.name))
    for (let tried = 1; ; tried++) {
      context.signal.throwIfAborted()
      if (await tryLock(session, list)) break
      const blockers = await writersOf(context.watch[action.side], list)
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

async function tryLock(session: Session, tables: readonly string[]): Promise<boolean> {
  await session.exec('begin')
  try {
    await session.exec(`set local lock_timeout = '${String(LOCK_TRY_MS)}ms'`)
    await session.exec(`lock table ${tables.join(', ')} in share mode`)
    return true
  } catch (error) {
    if (error instanceof SqlError && error.sqlState === SQLSTATE.lockNotAvailable) return false
    throw error
  } finally {
    await session.rollback()
  }
}
