import type { Side } from '../../core/side.js'
import type { Comparison } from './comparison.js'
import { keyOf, keyTexts } from './key-range.js'
import { tableAsT } from './range-sql.js'
import type { KeyRow } from './range-sql.js'
import type { SideSessions } from './side-sessions.js'
import { Values } from './statement.js'
import type { Suspect } from './suspect.js'

/** Keys held in memory, and looked up one by one: where more rows were written, reading the table at once costs less. */
const MOST = 100_000

/** Before the first part of a table is read. */
export interface Before {
  /** Every transaction below this id has ended: what it wrote is seen wherever it lies. */
  readonly horizon: bigint
  /** The file of the heap: VACUUM FULL and CLUSTER write another one, with every row in another place. */
  readonly file: string
}

export async function lookBefore(side: Side, comparison: Comparison, sessions: SideSessions): Promise<Before> {
  const values = new Values()
  const oid = values.add(comparison.shapes[side].oid, 'oid')
  const text = `select pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text as horizon,
    pg_catalog.pg_relation_filenode(${oid}::pg_catalog.regclass)::text as file`
  const [row] = await sessions.read<{ horizon: string; file: string | null }>(side, { text, values: values.list })
  return { horizon: BigInt(row?.horizon ?? 0), file: row?.file ?? '' }
}

/**
 * The rows that were written since, wherever they lie now: read in one snapshot, for in two a row could slip through again.
 * It is a scan of the heap that hashes nothing. Undefined: too many.
 */
export async function writtenSince(
  side: Side,
  { horizon }: Before,
  comparison: Comparison,
  sessions: SideSessions,
): Promise<readonly Suspect[] | undefined> {
  const values = new Values()
  // Rows carry the lower half of the id alone. age() tells it from ids of the last round.
  const since = values.add(String(horizon & 0xffffffffn), 'xid')
  const text = `select ${keyTexts(keyOf(comparison))} as key from ${tableAsT(comparison)}
    where pg_catalog.age(t.xmin) <= pg_catalog.age(${since}) limit ${MOST + 1}`
  const rows = await sessions.scan<KeyRow>(side, { text, values: values.list })
  return rows.length > MOST ? undefined : rows.map(({ key }) => ({ kind: 'key', key }))
}
