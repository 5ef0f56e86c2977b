import type { MigrationContext } from '../../migration/context.js'
import { admittedRoles } from './fence-target.js'

/** Whether nobody may connect to the target but belt, its owner and those whom a fence spares. */
export function isTargetClosed(context: MigrationContext): boolean {
  const { acl, owner } = context.target.database
  const { cutover, roles } = context.spec
  // After a rollback those are let in that the fence of a handover spares.
  const admitted = new Set([owner, ...admittedRoles(context), ...cutover.exceptRoles, roles.replication.name])
  return acl !== null && acl.every((a) => a.privilege !== 'CONNECT' || admitted.has(a.grantee))
}
