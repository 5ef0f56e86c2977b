import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { Role } from '../../catalog/roles.js'
import { whoMayConnect } from '../../catalog/who-may-connect.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { MigrationContext } from '../../migration/context.js'
import { servingSide } from '../current-stage.js'
import { admittedRoles } from '../rules/fence-target.js'

/** Whom the target's first fence would let in all the same: logins that inherit the CONNECT of a role that keeps it (rule 13). */
export function checkTargetFence(context: MigrationContext): readonly Diagnostic[] {
  if (servingSide(context) === 'target') return []
  const admitted = admittedRoles(context)
  const target = withCopiedRoles(context)
  return whoMayConnect(target, admitted, admitted).map(({ role, through }) => ({
    severity: 'error',
    code: 'fence-hole',
    side: 'target',
    subject: `role ${role}`,
    message: `role ${role} may log in and has the rights of ${through}, which the target’s fence lets through: it could write there from prepared on`,
    fix: `Take the membership away (on the source, if roles.copy brings it), or name the role in target.preview_roles if it only looks.`,
  }))
}

/** The target's roles as they will be: those that are copied bring their memberships. */
function withCopiedRoles({ spec, source, target, inspection }: MigrationContext): IndexedCatalog {
  if (inspection.sameCluster) return target
  const brought = spec.roles.copy.flatMap((name) => source.roleByName(name) ?? [])
  const there = new Map(target.roles.map((r) => [r.name, r]))
  const known = new Set([...there.keys(), ...brought.map((r) => r.name)])
  for (const role of brought) {
    const memberOf = role.memberOf.filter((m) => known.has(m.role))
    const stands = there.get(role.name)
    there.set(
      role.name,
      stands === undefined ? { ...role, memberOf } : { ...stands, memberOf: [...stands.memberOf, ...memberOf] },
    )
  }
  const roles: readonly Role[] = [...there.values()]
  return { ...target, roles, roleByName: (name) => there.get(name) }
}
