import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** CONNECT on the target database is taken from everybody but belt's own roles, before any application role arrives. */
export interface FenceTarget extends ActionBase<'fence-target'> {
  /** Roles that keep or get CONNECT. */
  readonly admitted: readonly string[]
}

export const probeFenceTarget: Probe<FenceTarget> = (action, context) => {
  const { acl, owner } = context.target.database
  if (acl === null) return 'absent'
  const connected = acl.filter((item) => item.privilege === 'CONNECT').map((item) => item.grantee)
  const closed = connected.every((grantee) => grantee === owner || action.admitted.includes(grantee))
  return closed && action.admitted.every((role) => connected.includes(role)) ? 'done' : 'absent'
}
