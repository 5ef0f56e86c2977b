import type { ProveQuiet } from '../../actions/prove-quiet.js'
import { StoppedError } from '../../core/error.js'
import { readMayConnect } from '../../inspect/may-connect.js'
import { PGLOGICAL_WORKER_KIND, pglogicalHere } from '../../postgres/pglogical.js'
import type { Session } from '../../postgres/session.js'
import { sleep } from '../../postgres/sleep.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext } from '../execute-context.js'
import type { TableGuard } from '../table-guard.js'
import { lockEveryTable } from './lock-tables.js'

/** Looks in a row without a foreign session that make it quiet. */
const QUIET_LOOKS = 3
const LOOK_MS = 30

interface Left {
  readonly sessions: readonly string[]
  readonly prepared: readonly string[]
}

/** Ends sessions until none is left, then proves with a lock that no transaction writes (rule 16). */
export async function executeProveQuiet(action: ProveQuiet, context: ExecuteContext): Promise<Evidence> {
  const { guard } = context
  if (guard === undefined) throw new Error('quiet is proven inside a pause alone')
  return action.again === true ? stillQuiet(action, guard, context) : becomeQuiet(action, guard, context)
}

async function becomeQuiet(action: ProveQuiet, guard: TableGuard, context: ExecuteContext): Promise<Evidence> {
  const started = performance.now()
  const { begunAt } = await context.work[action.side].one<{ begunAt: string }>(
    `select pg_catalog.clock_timestamp()::text as "begunAt"`,
  )
  await demandFenced(context.work[action.side], action)
  const ended = await endSessions(action, { begunAt, looks: QUIET_LOOKS }, context)
  const sessionsMs = Math.round(performance.now() - started)
  const held = await lockEveryTable(action, guard, begunAt, context)
  // Somebody may have been let in meanwhile.
  await demandFenced(context.work[action.side], action)
  return { ended, sessionsMs, locked: action.tables.length, held }
}

/**
 * Nobody can have written to a table that was held all the time: who came meanwhile is sent away, so that what waits for
 * these locks fails rather than being committed behind the turn. To another table he may have written, unseen by the drain.
 */
async function stillQuiet(action: ProveQuiet, guard: TableGuard, context: ExecuteContext): Promise<Evidence> {
  const session = context.work[action.side]
  await demandFenced(session, action)
  const { since: begunAt } = await guard.standing()
  const open = guard.without(action.tables)
  const came = await look(session, action, begunAt, await workerOf(session, action.ownSubscription))
  const there = [...came.sessions, ...came.prepared]
  if (open.length > 0 && there.length > 0) {
    throw new StoppedError(
      'writer-came',
      `somebody has come to the ${action.side} since it was quiet, and may have written rows that did not go along: ${there.slice(0, 5).join(', ')}`,
      { hint: `Stop it (the fence does not hold superusers), then make a new plan.` },
    )
  }
  // Whom the spec leaves to the user is not sent away, and has written nothing.
  const ended = action.sql.length === 0 ? 0 : await endSessions(action, { begunAt, looks: 1 }, context)
  await guard.standing()
  if (action.altered.length > 0) await guard.letGoSinceMark()
  return { ended, held: action.tables.length - open.length }
}

/** Until so many looks in a row find nobody. */
async function endSessions(
  action: ProveQuiet,
  { begunAt, looks }: { readonly begunAt: string; readonly looks: number },
  context: ExecuteContext,
): Promise<number> {
  const session = context.work[action.side]
  const started = performance.now()
  const ownWorker = await workerOf(session, action.ownSubscription)
  let ended = 0
  let quiet = 0
  let told = started
  while (quiet < looks) {
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
    if (quiet < looks) await sleep(LOOK_MS, context.signal)
  }
  return ended
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
