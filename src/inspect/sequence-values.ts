import type { Sequence } from '../catalog/relations.js'
import type { CatalogReader } from './catalog-reader.js'
import type { SequenceShape } from './sequences.js'

interface LastValueRow {
  readonly oid: number
  readonly last_value: string | null
}

/**
 * pg_sequence_last_value() keeps a ROW EXCLUSIVE lock on each sequence until the transaction ends. So this runs last,
 * and not at all where these locks could fill the server's lock table or where one would have to wait. On a standby
 * an unlogged sequence (15+) cannot be read.
 */
const LAST_VALUES = `
  select
    c.oid as oid,
    case when pg_catalog.has_sequence_privilege(c.oid, 'usage, select')
      then pg_catalog.pg_sequence_last_value(c.oid)::text end as last_value
  from pg_catalog.pg_class as c
  where c.oid = any($1::oid[])
    and (c.relpersistence = 'p' or not pg_catalog.pg_is_in_recovery())
    and pg_catalog.cardinality($1::oid[]) <= pg_catalog.current_setting('max_locks_per_transaction')::int4
      * pg_catalog.current_setting('max_connections')::int4 / 4
    and not exists (
      select from pg_catalog.pg_locks as l
      join pg_catalog.pg_database as d on d.oid = l.database
      where l.relation = c.oid and d.datname = pg_catalog.current_database()
        and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))`

/** The sequences with their last values; undefined for one never called, not readable or locked. */
export async function readLastValues(
  reader: CatalogReader,
  shapes: readonly SequenceShape[],
): Promise<readonly Sequence[]> {
  const rows = await reader.query<LastValueRow>(LAST_VALUES, [shapes.map((s) => s.oid)])
  const values = new Map(rows.map((row) => [row.oid, row.last_value ?? undefined]))
  return shapes.map(({ oid, sequence }) => ({ ...sequence, volatile: { lastValue: values.get(oid) } }))
}
