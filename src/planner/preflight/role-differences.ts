import type { Role } from '../../catalog/roles.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { settingNameSql, settingValueSql } from '../../core/guc-list.js'
import { quoteIdent } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { attributeChanges } from '../../migration/role-attributes.js'
import { mayBeMember } from '../rules/copy-roles.js'

/**
 * Copied roles that stand on both sides and are not alike: one of them was altered since, or the target's was there before.
 * belt never changes an existing role by itself, for other databases of its server use it too.
 */
export function checkRoleDifferences(context: MigrationContext): readonly Diagnostic[] {
  if (context.inspection.sameCluster) return []
  return [...differences(context), ...missingMemberships(context)]
}

/** Memberships that a copied role will not have on the target; what they let it do ends with the cutover. */
function missingMemberships(context: MigrationContext): readonly Diagnostic[] {
  const { spec, source, target } = context
  return spec.roles.copy.flatMap((name) => {
    const had = new Set(target.roleByName(name)?.memberOf.map((m) => m.role))
    const left = (source.roleByName(name)?.memberOf ?? []).filter(
      (m) => !had.has(m.role) && !mayBeMember(context, m.role),
    )
    return left.map(({ role }): Diagnostic => {
      const exists = target.predefinedRoles.includes(role)
      const grant = `grant ${quoteIdent(role)} to ${quoteIdent(name)};`
      return {
        severity: 'warning',
        code: 'role-membership',
        side: 'target',
        subject: `role ${name}`,
        message: `${name} is a member of ${role} on the source and will not be on the target: ${
          exists ? `${target.me.name} may not grant it` : 'the target has no such role'
        }`,
        fix: exists
          ? `Let somebody who may run on the target, once ${name} is there: ${grant}`
          : role.startsWith('pg_')
            ? `Postgres ${String(target.server.major)} has no ${role}: grant ${name} what it needs by other means.`
            : `Add ${role} to roles.copy, or make it on the target and run there: ${grant}`,
      }
    })
  })
}

function differences({ spec, source, target }: MigrationContext): readonly Diagnostic[] {
  // That fence takes LOGIN from whichever side does not serve.
  const fenced = spec.cutover.fence === 'revoke_login'
  return spec.roles.copy.flatMap((name): readonly Diagnostic[] => {
    const from = source.roleByName(name)
    const to = target.roleByName(name)
    if (!from || !to) return []
    const clauses = attributeChanges(from, to).filter((clause) => !(fenced && /^(?:no)?login$/.test(clause)))
    const changes = [
      ...(clauses.length === 0 ? [] : [`alter role ${quoteIdent(name)} ${clauses.join(' ')};`]),
      ...settingChanges(from, to),
      ...(hasPassword(from) && to.password === 'none' ? [`\\password ${quoteIdent(name)}`] : []),
    ]
    if (changes.length === 0) return []
    return [
      {
        severity: 'warning',
        code: 'drift-role',
        side: 'target',
        subject: `role ${name}`,
        message: `role ${name} is another one on the target than on the source; belt alters no role that is there already`,
        fix: `To make the target’s like the source’s: ${changes.join(' ')}`,
      },
    ]
  })
}

function hasPassword({ password }: Role): boolean {
  return password === 'scram' || password === 'md5'
}

function settingChanges(from: Role, to: Role): readonly string[] {
  const role = quoteIdent(from.name)
  const differ = from.settings.filter((s) => !to.settings.some((t) => t.name === s.name && t.value === s.value))
  const more = to.settings.filter((t) => !from.settings.some((s) => s.name === t.name))
  return [
    ...differ.map((s) => `alter role ${role} set ${settingNameSql(s.name)} = ${settingValueSql(s.name, s.value)};`),
    ...more.map((t) => `alter role ${role} reset ${settingNameSql(t.name)};`),
  ]
}
