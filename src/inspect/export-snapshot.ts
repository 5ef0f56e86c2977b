import type { Side } from '../core/side.js'
import { SqlError } from '../postgres/server-error.js'
import type { Session } from '../postgres/session.js'
import { SQLSTATE } from '../postgres/sqlstate.js'

/**
 * The snapshot of the session's transaction, for others to read in. It is a small file, and on a full disk the first thing
 * that fails: whoever asks why replication is down must hear which server that is.
 */
export async function exportSnapshot(session: Session, side: Side): Promise<string> {
  try {
    const { snapshot } = await session.one<{ snapshot: string }>('select pg_catalog.pg_export_snapshot() as snapshot')
    return snapshot
  } catch (error) {
    if (!(error instanceof SqlError) || error.sqlState !== SQLSTATE.diskFull) throw error
    throw new SqlError(
      'disk-full',
      `the disk of the ${side} server is full: ${error.failure.message}`,
      error.failure,
      'Make room there, then run it again: belt cannot read a database in one snapshot before. What replicates to that server goes on from where it stopped; the other server keeps its log meanwhile.',
    )
  }
}
