import type { QualifiedName } from '../catalog/schema-script.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Read access of the replication role to the tables it copies and their schemas. */
export interface GrantRead extends ActionBase<'grant-read'> {
  readonly role: string
  readonly schemas: readonly string[]
  readonly tables: readonly QualifiedName[]
  /** belt's own published table, in schema belt. */
  readonly marker: string
}

export const probeGrantRead: Probe<GrantRead> = (action, context) => {
  const catalog = context[action.side]
  if (catalog.roleByName(action.role)?.superuser === true) return 'done'
  const granted = (grantees: readonly string[] | undefined): boolean =>
    grantees !== undefined && (grantees.includes(action.role) || grantees.includes(''))
  const usable = new Map(catalog.schemas.map((s) => [s.name, s.usage]))
  const schemas = action.schemas.every((name) => granted(usable.get(name)))
  const markerGranted = catalog.beltReaders[action.marker]?.includes(action.role) === true
  return markerGranted && schemas && action.tables.every((t) => granted(catalog.tableByName(t.schema, t.name)?.readers))
    ? 'done'
    : 'absent'
}
