import type { TableSyncState } from '../catalog/replication.js'

/** One table of a subscription during the initial copy. */
export interface TableCopyProgress {
  readonly schema: string
  readonly name: string
  readonly state: TableSyncState
  /** Process that copies it now. */
  readonly workerPid: number | undefined
  /** From pg_stat_progress_copy (14+), while it is being copied. */
  readonly bytes: number | undefined
  readonly rows: number | undefined
}

/** A row of either query, its state still the letter of the catalog. */
export interface CopyProgressRow {
  readonly schema: string
  readonly name: string
  readonly state: string
  readonly worker_pid: number | null
  readonly bytes: number | null
  readonly rows: number | null
}

export function copyProgressOf(row: CopyProgressRow, state: TableSyncState): TableCopyProgress {
  return {
    schema: row.schema,
    name: row.name,
    state,
    workerPid: row.worker_pid ?? undefined,
    bytes: row.bytes ?? undefined,
    rows: row.rows ?? undefined,
  }
}
