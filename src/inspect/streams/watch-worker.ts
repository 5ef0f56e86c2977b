import type { Subscription } from '../../catalog/replication.js'
import type { StreamEvidence } from '../../catalog/stream-evidence.js'
import { PGLOGICAL_WORKER } from '../../postgres/pglogical.js'
import type { Session } from '../../postgres/session.js'
import { sleep } from '../../postgres/sleep.js'

const LOOK_MS = 100
/** A worker that was just started or ended: Postgres starts one every five seconds. */
const WATCH_MS = 2_000
/** One that fails at the first change lives for milliseconds, one that fails at the end of a long transaction longer. */
const YOUNG_SECONDS = 20

interface WorkerRow {
  readonly pid: number | null
  readonly seconds: number | null
}

const NATIVE = `
  select w.pid::int4 as pid
  from pg_catalog.pg_stat_subscription as w
  where w.subname = $1::name and w.relid is null and (pg_catalog.to_jsonb(w) ->> 'leader_pid') is null
  limit 1`

const OF_PGLOGICAL = `
  select w.pid
  from pglogical.subscription as s
  cross join lateral (${PGLOGICAL_WORKER} limit 1) as w
  where s.sub_name = $1::name`

/** Whether the worker of an enabled subscription stays, comes and goes, or is not there. */
export async function watchWorker(
  session: Session,
  subscription: Subscription,
  fails: boolean,
  signal: AbortSignal,
): Promise<StreamEvidence['worker']> {
  const end = performance.now() + WATCH_MS
  const seen = new Set<number | undefined>()
  for (;;) {
    const worker = await lookAt(session, subscription)
    seen.add(worker?.pid ?? undefined)
    const pids = [...seen].filter((pid) => pid !== undefined)
    if (pids.length > 1) return 'restarting'
    const there = worker?.pid !== null && worker !== undefined
    if (there && !(fails && (worker.seconds ?? YOUNG_SECONDS) < YOUNG_SECONDS)) return 'steady'
    if (pids.length === 1 && !there) return 'restarting'
    if (performance.now() >= end) return there ? 'steady' : fails ? 'absent' : 'starting'
    await sleep(LOOK_MS, signal)
  }
}

async function lookAt(session: Session, { name, of }: Subscription): Promise<WorkerRow | undefined> {
  const [row] = await session.query<WorkerRow>(
    `select w.pid, extract(epoch from pg_catalog.clock_timestamp() - a.backend_start)::float8 as seconds
     from (${of === 'pglogical' ? OF_PGLOGICAL : NATIVE}) as w
     left join pg_catalog.pg_stat_activity as a on a.pid = w.pid`,
    [name],
  )
  return row
}
