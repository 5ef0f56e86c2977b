import type { ReplicationOrigin } from '../catalog/replication.js'
import type { CatalogReader } from './catalog-reader.js'
import type { Me } from '../catalog/roles.js'

interface OriginRow {
  readonly name: string
  readonly remote_lsn: string | null
  readonly local_lsn: string | null
}

/** Replication origins of the whole cluster; without their positions where this user may not see them. */
export async function readOrigins(reader: CatalogReader, me: Me): Promise<readonly ReplicationOrigin[]> {
  if (!reader.readable('pg_replication_origin', 'roname')) return []
  const rows = await reader.query<OriginRow>(`
    select
      o.roname as name,
      ${mayReadPositions(reader, me) ? 's.remote_lsn::text' : 'null::text'} as remote_lsn,
      ${mayReadPositions(reader, me) ? 's.local_lsn::text' : 'null::text'} as local_lsn
    from pg_catalog.pg_replication_origin as o
    ${mayReadPositions(reader, me) ? 'left join pg_catalog.pg_show_replication_origin_status() as s on s.local_id = o.roident' : ''}
    order by o.roname collate "C"`)
  return rows.map((row) => ({
    name: row.name,
    volatile: { remoteLsn: row.remote_lsn ?? undefined, localLsn: row.local_lsn ?? undefined },
  }))
}

/** Up to 13 the function itself demands a superuser, whatever was granted. */
function mayReadPositions(reader: CatalogReader, me: Me): boolean {
  return me.superuser || (reader.version >= 140000 && reader.callable('pg_catalog.pg_show_replication_origin_status()'))
}
