import type { Side } from '../core/side.js'
import { extensionId } from '../engines/pglogical/ids.js'
import { ADOPT_ID } from '../migration/adopted-names.js'
import { recordSql, recordTables } from '../migration/record-sql.js'
import { replicationRoleId } from '../planner/rules/replication-role.js'
import { PGBELT_NAMES } from './pgbelt-names.js'

/** What an adoption notes on one server. */
export interface AdoptionRecord {
  readonly action: string
  readonly object: string
  readonly before: unknown
}

/**
 * `full`: pgbelt made the extension and the role, and belt takes them away in the end as pgbelt's `teardown --full` does.
 * The note that belt made something is all that decides.
 */
export function adoptionRecords(side: Side, role: string, full: boolean): readonly AdoptionRecord[] {
  return [
    { action: ADOPT_ID, object: 'pgbelt', before: PGBELT_NAMES },
    ...(full
      ? [
          { action: extensionId(side), object: 'extension pglogical', before: null },
          { action: replicationRoleId(side), object: `role ${role}`, before: null },
        ]
      : []),
  ]
}

/** All that an adoption changes on one server, in one transaction: belt's own schema and records. */
export function adoptionSql(
  lineage: string,
  markerTable: string,
  records: readonly AdoptionRecord[],
): readonly string[] {
  return [
    ...recordTables(markerTable),
    ...records.map(({ action, object, before }) => recordSql(lineage, action as typeof ADOPT_ID, object, before)),
  ]
}
