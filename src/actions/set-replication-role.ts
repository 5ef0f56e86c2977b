import { providerOf } from '../catalog/provider.js'
import type { Setting } from '../catalog/server.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** The role that the subscription connects as: created, or given the attributes and settings it lacks. */
export interface SetReplicationRole extends ActionBase<'set-replication-role'> {
  readonly role: string
  readonly bypassRls: boolean
  /** Settings the role must carry in every database (rule 2: no server-side timeout may end a copy). */
  readonly settings: readonly Setting[]
}

export const probeSetReplicationRole: Probe<SetReplicationRole> = (action, context) => {
  const role = context[action.side].roleByName(action.role)
  if (!role) return 'absent'
  const has = new Map(role.settings.map((s) => [s.name, s.value]))
  const settled = action.settings.every((s) => has.get(s.name) === s.value)
  const lent = providerOf(context[action.side])?.replicationRole
  const mayReplicate = role.replication || role.superuser || role.memberOf.some((m) => m.role === lent)
  const maySeeAll = !action.bypassRls || role.bypassRls || role.superuser
  return role.login && mayReplicate && maySeeAll && settled ? 'done' : 'absent'
}
