import type { Side } from '../../core/side.js'
import { withConnection } from '../../postgres/connect.js'
import type { SideFindings } from '../../render/side-check-text.js'
import { describeEndpoint, type ConnectionSettings } from '../../postgres/connection-settings.js'

interface Row {
  readonly version: string
  readonly bytes: string
  readonly wal_level: string
  readonly superuser: boolean
  readonly tables: number
}

/** Connects and looks; throws what the connection throws. */
export async function checkSide(side: Side, settings: ConnectionSettings, signal: AbortSignal): Promise<SideFindings> {
  return withConnection(settings, signal, async (session) => {
    const row = await session.one<Row>(
      `select
         pg_catalog.current_setting('server_version') as version,
         pg_catalog.pg_database_size(pg_catalog.current_database())::text as bytes,
         pg_catalog.current_setting('wal_level') as wal_level,
         (select r.rolsuper from pg_catalog.pg_roles as r where r.rolname = current_user) as superuser,
         (select count(*)::int4 from pg_catalog.pg_class as c
          join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema') as tables`,
    )
    const { version, wal_level: walLevel, superuser, tables } = row
    return {
      side,
      endpoint: describeEndpoint(settings),
      version,
      bytes: Number(row.bytes),
      walLevel,
      superuser,
      tables,
    }
  })
}
