import { lsnBytes } from '../core/lsn.js'
import type { Lsn } from '../core/lsn.js'
import { quoteIdent } from '../core/quote.js'
import { retry } from '../postgres/retry.js'
import { SqlError } from '../postgres/server-error.js'
import { PGLOGICAL_CHANGES } from './pending-pglogical.js'
import type { Session } from '../postgres/session.js'
import { SQLSTATE } from '../postgres/sqlstate.js'

/** What the target has still to apply to one table, up to what a snapshot of the source sees. */
export interface PendingChange {
  /** Inserts less deletes; after the last truncate, if there was one. */
  readonly delta: bigint
  /** The table was truncated: of the target's rows none counts. */
  readonly truncated: boolean
}

export interface PendingInput {
  readonly slot: string
  /** Or replication sets. */
  readonly publications: readonly string[]
  /** Exported or current snapshot of the source as txid_snapshot text, e.g. `10:20:10,14`. */
  readonly snapshot: string
  readonly appliedTo: Lsn | undefined
  /** By table OID of the source. */
  readonly copiedTo: ReadonlyMap<number, Lsn>
}

/**
 * The messages of pgoutput, protocol 1 (the manual, 'Logical Replication Message Formats'; the same bytes in 12 to 18):
 * `B` begins a transaction, `C` (67) ends it with flags int1, commit LSN int8, end LSN int8; `I` (73), `U` and `D` (68)
 * have the table's OID first; `T` (84) has a count int4, options int1 and that many OIDs. All messages of a transaction
 * stand together, in the order of the commits, and `xid` is the top-level transaction's, for subtransactions too.
 * It is 32 bits wide and becomes 64 by its distance to the snapshot.
 *
 * A transaction counts when the snapshot sees it, the target has not applied it (its end lies after the origin's
 * position), and it did not come with the table's own copy (apply skips what committed before srsublsn).
 */
const PGOUTPUT_CHANGES = `
  message as materialized (
    select m.nr, m.xid::text::int8 as xid, m.data, pg_catalog.get_byte(m.data, 0) as kind
    from pg_catalog.pg_logical_slot_peek_binary_changes(
      $1::name, null, null, 'proto_version', '1', 'publication_names', $2::text
    ) with ordinality as m (lsn, xid, data, nr)
  ), ended as (
    select
      m.xid,
      ('x' || pg_catalog.encode(pg_catalog.substr(m.data, 3, 8), 'hex'))::bit(64)::int8 as commit_lsn,
      ('x' || pg_catalog.encode(pg_catalog.substr(m.data, 11, 8), 'hex'))::bit(64)::int8 as end_lsn
    from message as m
    where m.kind = 67
  ), change as (
    select m.nr, m.xid, m.kind, ('x' || pg_catalog.encode(pg_catalog.substr(m.data, 2, 4), 'hex'))::bit(32)::int8 & 4294967295 as oid
    from message as m
    where m.kind in (68, 73)
    union all
    select m.nr, m.xid, m.kind, ('x' || pg_catalog.encode(pg_catalog.substr(m.data, 7 + 4 * i.nth, 4), 'hex'))::bit(32)::int8 & 4294967295
    from message as m
    cross join lateral pg_catalog.generate_series(0, (pg_catalog.length(m.data) - 6) / 4 - 1) as i (nth)
    where m.kind = 84
  )`

/** `changes` gives `ended` (xid, commit_lsn, end_lsn) and `change` (nr, xid, kind, oid), in the letters of pgoutput. */
function pendingSql(changes: string): string {
  return `
  with ${changes}, snapshot as (
    select $3::txid_snapshot as seen, pg_catalog.txid_snapshot_xmax($3::txid_snapshot) as xmax
  ), counted as (
    select e.xid, e.commit_lsn
    from ended as e
    cross join snapshot as s
    cross join lateral (select (s.xmax - e.xid) & 4294967295 as behind) as d
    where e.end_lsn > $4::int8
      and pg_catalog.txid_visible_in_snapshot(
        s.xmax - case when d.behind >= 2147483648 then d.behind - 4294967296 else d.behind end, s.seen
      )
  ), pending as (
    select c.nr, c.kind, c.oid, pg_catalog.max(c.nr) filter (where c.kind = 84) over (partition by c.oid) as truncated_at
    from change as c
    join counted as t on t.xid = c.xid
    left join rows from (pg_catalog.unnest($5::int8[]), pg_catalog.unnest($6::int8[])) as p (oid, copied) on p.oid = c.oid
    where t.commit_lsn >= coalesce(p.copied, 0)
  )
  select
    p.oid::int8::text as oid,
    pg_catalog.bool_or(p.truncated_at is not null) as truncated,
    (pg_catalog.count(*) filter (where p.kind = 73 and (p.truncated_at is null or p.nr > p.truncated_at))
      - pg_catalog.count(*) filter (where p.kind = 68 and (p.truncated_at is null or p.nr > p.truncated_at)))::text as delta
  from pending as p
  group by p.oid
  order by p.oid`
}

interface PendingRow {
  readonly oid: string
  readonly truncated: boolean
  readonly delta: string
}

/**
 * Changes by table OID of the source; tables without any are left out. Peeks, so the slot stays where it is; it must
 * not be in use, which a walsender that has just ended may still be for a moment. Counts on the server.
 */
export async function readPendingChanges(
  source: Session,
  input: PendingInput,
  patienceMs: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, PendingChange>> {
  const copied = [...input.copiedTo]
  const values = [
    input.slot,
    input.publications.map(quoteIdent).join(','),
    input.snapshot,
    input.appliedTo === undefined ? '0' : lsnBytes(input.appliedTo).toString(),
    copied.map(([oid]) => String(oid)),
    copied.map(([, lsn]) => lsnBytes(lsn).toString()),
  ]
  const [found] = await source.query<{ plugin: string }>(
    'select s.plugin::text as plugin from pg_catalog.pg_replication_slots as s where s.slot_name = $1::name',
    [input.slot],
  )
  const changes = found?.plugin === 'pglogical_output' ? PGLOGICAL_CHANGES : PGOUTPUT_CHANGES
  const rows = await whenFree(() => source.query<PendingRow>(pendingSql(changes), values), patienceMs, signal)
  return new Map(rows.map((r) => [Number(r.oid), { delta: BigInt(r.delta), truncated: r.truncated }]))
}

/** Tries again while the slot is active for another process (55006). */
async function whenFree<Result>(work: () => Promise<Result>, patienceMs: number, signal: AbortSignal): Promise<Result> {
  const asRetryable = (error: unknown): never => {
    if (error instanceof SqlError && error.sqlState === SQLSTATE.objectInUse) {
      throw new SqlError(
        'slot-in-use',
        error.message,
        { ...error.failure, sqlState: SQLSTATE.lockNotAvailable },
        error.hint,
      )
    }
    throw error
  }
  return retry(() => work().catch(asRetryable), { signal, maxMs: patienceMs, baseMs: 20, capMs: 500 })
}
