import type { QualifiedName } from '../catalog/schema-script.js'
import { StoppedError } from '../core/error.js'
import { quoteQualified } from '../core/quote.js'
import { parseLsn } from '../core/lsn.js'
import type { Lsn } from '../core/lsn.js'
import { PGLOGICAL_WORKER, pglogicalHere } from '../postgres/pglogical.js'
import type { Session } from '../postgres/session.js'
import { sleep } from '../postgres/sleep.js'

/** How far the target has applied the source's log, with apply stopped. */
export interface ApplyPosition {
  /** End of the last transaction that changed something there; undefined before the first. */
  readonly appliedTo: Lsn | undefined
  /** By quoted name: transactions that committed before this position came with the table's copy. */
  readonly copiedTo: ReadonlyMap<string, Lsn>
}

const WORKERS = `select v.pid from pg_catalog.pg_stat_subscription as v where v.subname = $1::name`
const PGLOGICAL_WORKERS = `
  union all
  select w.pid
  from pglogical.subscription as s
  cross join lateral (${PGLOGICAL_WORKER}) as w
  where s.sub_name = $1::name`

/** Waits until no process of the disabled subscription is left: apply ends between two transactions, never inside one. */
export async function awaitNoWorker(
  target: Session,
  subscription: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  const workers = (await pglogicalHere(target)) ? `${WORKERS} ${PGLOGICAL_WORKERS}` : WORKERS
  for (;;) {
    const { running } = await target.one<{ running: number }>(
      `select pg_catalog.count(w.pid)::int4 as running from (${workers}) as w`,
      [subscription],
    )
    if (running === 0) return
    if (performance.now() > deadline) {
      throw new StoppedError(
        'apply-does-not-stop',
        `subscription ${subscription} was disabled and its worker still runs`,
        {
          hint: 'It may be inside a long transaction of the source. Run the same command again later.',
        },
      )
    }
    await sleep(20, signal)
  }
}

/** Reads both kinds of position. Throws `copy-unfinished` when one of the tables is not ready. */
export async function readApplyPosition(
  target: Session,
  subscription: string,
  tables: readonly QualifiedName[],
): Promise<ApplyPosition> {
  const { applied, rows } = await readPosition(target, subscription)
  const ready = new Map(rows.filter((r) => r.state === 'r').map((r) => [quoteQualified(r.schema, r.name), r]))
  const open = tables.map((t) => quoteQualified(t.schema, t.name)).filter((name) => !ready.has(name))
  if (open.length > 0) {
    throw new StoppedError(
      'copy-unfinished',
      `cannot compare ${open.slice(0, 5).join(', ')}: not copied and streaming yet`,
      {
        hint: 'Run the same command again: it waits for the copy first. A table that is not in the subscription needs a new plan.',
      },
    )
  }
  const copiedTo = new Map<string, Lsn>()
  for (const [name, row] of ready) if (row.copied !== null) copiedTo.set(name, parseLsn(row.copied))
  return { appliedTo: applied === null ? undefined : parseLsn(applied), copiedTo }
}

interface PositionRow {
  readonly applied: string | null
}

interface CopiedRow extends QualifiedName {
  readonly copied: string | null
  readonly state: string
}

interface Position {
  readonly applied: string | null
  readonly rows: readonly CopiedRow[]
}

async function readPosition(target: Session, subscription: string): Promise<Position> {
  const native = await nativePosition(target, subscription)
  if (native.rows.length > 0 || !(await pglogicalHere(target))) return native
  return pglogicalPosition(target, subscription)
}

async function nativePosition(target: Session, subscription: string): Promise<Position> {
  const [position] = await target.query<PositionRow>(
    `select p.remote_lsn::text as applied
     from (select pg_catalog.pg_replication_origin_progress(o.roname, false) as remote_lsn
           from pg_catalog.pg_subscription as s
           join pg_catalog.pg_database as d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
           join pg_catalog.pg_replication_origin as o on o.roname = 'pg_' || s.oid::text
           where s.subname = $1::name) as p`,
    [subscription],
  )
  const rows = await target.query<CopiedRow>(
    `select n.nspname::text as schema, c.relname::text as name, r.srsublsn::text as copied, r.srsubstate::text as state
     from pg_catalog.pg_subscription as s
     join pg_catalog.pg_database as d on d.oid = s.subdbid and d.datname = pg_catalog.current_database()
     join pg_catalog.pg_subscription_rel as r on r.srsubid = s.oid
     join pg_catalog.pg_class as c on c.oid = r.srrelid
     join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where s.subname = $1::name
     order by 1, 2`,
    [subscription],
  )
  return { applied: position?.applied ?? null, rows }
}

/** Its origin is called as its slot is. A table of a subscription that copied nothing came with no copy. */
async function pglogicalPosition(target: Session, subscription: string): Promise<Position> {
  const [position] = await target.query<PositionRow>(
    `select p.remote_lsn::text as applied
     from (select pg_catalog.pg_replication_origin_progress(o.roname, false) as remote_lsn
           from pglogical.subscription as s
           join pg_catalog.pg_replication_origin as o on o.roname = s.sub_slot_name::text
           where s.sub_name = $1::name) as p`,
    [subscription],
  )
  const rows = await target.query<CopiedRow>(
    `select n.nspname::text as schema, c.relname::text as name, t.sync_statuslsn::text as copied,
       coalesce(t.sync_status::text, case when g.sync_kind = 'i' then g.sync_status::text end) as state
     from pglogical.subscription as s
     join pglogical.local_sync_status as g on g.sync_subid = s.sub_id and g.sync_relname is null
     join pg_catalog.pg_class as c on c.relkind = 'r'
     join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     left join pglogical.local_sync_status as t
       on t.sync_subid = s.sub_id and t.sync_nspname = n.nspname and t.sync_relname = c.relname
     where s.sub_name = $1::name and (t.sync_subid is not null or g.sync_kind = 'i')
     order by 1, 2`,
    [subscription],
  )
  return { applied: position?.applied ?? null, rows }
}
