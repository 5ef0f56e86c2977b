import { connectGrantees, whoMayConnect } from '../catalog/who-may-connect.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** CONNECT on the target database is taken from everybody but belt's own roles, before any application role arrives. */
export interface FenceTarget extends ActionBase<'fence-target'> {
  /** Roles that keep or get CONNECT. */
  readonly admitted: readonly string[]
  /** Logins of the provider's own software, which no fence is for. */
  readonly exempt?: readonly string[]
}

export const probeFenceTarget: Probe<FenceTarget> = ({ admitted }, { target }) => {
  const connected = connectGrantees(target)
  const closed =
    connected.every((grantee) => admitted.includes(grantee)) && whoMayConnect(target, connected, admitted).length === 0
  return closed && admitted.every((role) => connected.includes(role)) ? 'done' : 'absent'
}
