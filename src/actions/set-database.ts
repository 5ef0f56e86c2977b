import type { Setting } from '../catalog/server.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Settings, comment and grants of the database itself, which pg_dump --schema-only leaves out. */
export interface SetDatabase extends ActionBase<'set-database'> {
  readonly settings: readonly Setting[]
  readonly roleSettings: readonly { readonly role: string; readonly settings: readonly Setting[] }[]
  readonly comment?: string
  /** Grants of CREATE and TEMPORARY; CONNECT is the fence's matter until the target opens. */
  readonly grants: readonly { readonly grantee: string; readonly privilege: string }[]
  /** Built-in grants that the source has taken from PUBLIC. */
  readonly revokes?: readonly { readonly grantee: string; readonly privilege: string }[]
}

export const probeSetDatabase: Probe<SetDatabase> = (action, context) => {
  const { settings, roleSettings, comment, acl } = context[action.side].database
  const carries = (has: readonly Setting[], wanted: readonly Setting[]): boolean =>
    wanted.every((w) => has.some((h) => h.name === w.name && h.value === w.value))
  // Without an ACL of its own a database grants CONNECT and TEMPORARY to everybody.
  const held = acl ?? [{ grantee: '', privilege: 'TEMPORARY' }]
  const holds = (g: (typeof action.grants)[number]): boolean =>
    held.some((a) => a.grantee === g.grantee && a.privilege === g.privilege)
  const byRole = new Map(roleSettings.map((r) => [r.role, r.settings]))
  const settled =
    carries(settings, action.settings) &&
    action.roleSettings.every((r) => carries(byRole.get(r.role) ?? [], r.settings)) &&
    (action.comment === undefined || comment === action.comment) &&
    action.grants.every((g) => holds(g)) &&
    action.revokes?.some((g) => holds(g)) !== true
  return settled ? 'done' : 'absent'
}
