import type { Side } from '../core/side.js'
import type { ServerIdentity } from '../plan/plan.js'
import type { MigrationContext } from './context.js'

/** Which database a side is, as plans and states name it. The timeline is left out while it is the first or cannot be read. */
export function serverIdentity({ spec, ...catalogs }: MigrationContext, side: Side): ServerIdentity {
  const { server, database } = catalogs[side]
  const { systemIdentifier, major, version, timeline } = server
  const { host, port } = spec[side]
  return {
    ...{ systemIdentifier, database: database.name, host, port, major, version },
    ...(timeline > 1 ? { timeline } : {}),
  }
}
