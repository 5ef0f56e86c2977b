import type { StreamEvidence } from '../../catalog/stream-evidence.js'
import type { Session } from '../../postgres/session.js'

/** Who reads a slot now; undefined for nobody, or where that may not be seen. */
export async function readSlotReader(
  session: Session,
  slot: string | undefined,
): Promise<StreamEvidence['slotReader']> {
  if (slot === undefined) return undefined
  const [row] = await session.query<NonNullable<StreamEvidence['slotReader']>>(
    `select
       s.active_pid::int4 as pid,
       coalesce(a.application_name, '') as application,
       coalesce(pg_catalog.host(a.client_addr), '') as address
     from pg_catalog.pg_replication_slots as s
     left join pg_catalog.pg_stat_activity as a on a.pid = s.active_pid
     where s.slot_name = $1::name and s.active_pid is not null`,
    [slot],
  )
  return row
}
