import { connectGrantees, whoMayConnect } from '../../catalog/who-may-connect.js'
import type { MigrationContext } from '../../migration/context.js'
import { admittedRoles } from './fence-target.js'

/** Whether nobody may connect to the target but belt and those whom a fence spares; its owner is no exception. */
export function isTargetClosed(context: MigrationContext): boolean {
  const { target } = context
  const { cutover, roles } = context.spec
  // After a rollback those are let in that the fence of a handover spares.
  const admitted = [...new Set([...admittedRoles(context), ...cutover.exceptRoles, roles.replication.name])]
  const grantees = connectGrantees(target)
  return grantees.every((g) => admitted.includes(g)) && whoMayConnect(target, grantees, admitted).length === 0
}
