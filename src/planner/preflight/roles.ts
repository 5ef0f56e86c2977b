import type { IndexedCatalog } from '../../catalog/indexed.js'
import { isProviderAdmin } from '../../catalog/provider.js'
import { counted } from '../../core/counted.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import { yamlWord } from '../../core/yaml-word.js'
import { compareText } from '../../core/diagnostic.js'
import { otherSide, SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { rolePasswordId, willSetPassword } from '../rules/role-password.js'

/** Roles that objects in scope belong to or are granted to and that the target would not know. */
export function checkRoles(context: MigrationContext): readonly Diagnostic[] {
  return [...missingRoles(context), ...copiedRoles(context), ...replicationRole(context)]
}

function missingRoles(context: MigrationContext): readonly Diagnostic[] {
  const { spec, source, target, scope, inspection } = context
  if (inspection.sameCluster) return []
  const known = new Set([...target.roles.map((r) => r.name), ...target.predefinedRoles, ...spec.roles.copy])
  const uses = new Map<string, number>()
  for (const object of source.script.objects) {
    if (!scope.includesObject(object)) continue
    for (const role of object.roles) if (!known.has(role)) uses.set(role, (uses.get(role) ?? 0) + 1)
  }
  const all = [...spec.roles.copy, ...[...uses.keys()].sort(compareText)].map(yamlWord).join(', ')
  return [...uses]
    .sort(([a], [b]) => compareText(a, b))
    .map(([role, objects]) => ({
      severity: 'error' as const,
      code: 'role-missing',
      side: 'target' as const,
      subject: `role ${role}`,
      message: `role ${role} owns or is granted ${counted(objects, 'object')} in scope and does not exist on the target`,
      fix: `Add it to roles.copy (with all that are missing: [${all}]), or create it on the target.`,
      ...at(context, 'roles'),
    }))
}

function copiedRoles(context: MigrationContext): readonly Diagnostic[] {
  const { spec, source, target } = context
  return spec.roles.copy.flatMap((name, index): readonly Diagnostic[] => {
    const role = source.roleByName(name)
    const place = at(context, `roles.copy.${String(index)}`)
    if (!role) {
      return [
        {
          severity: 'error',
          code: 'role-unknown',
          side: 'source',
          subject: `role ${name}`,
          message: `roles.copy names ${name}, which does not exist on the source`,
          fix: 'Remove it from roles.copy or correct its name.',
          ...place,
        },
      ]
    }
    if (role.superuser && !target.me.superuser) {
      return [
        {
          severity: 'error',
          code: 'role-superuser',
          side: 'target',
          subject: `role ${name}`,
          message: `${name} is a superuser on the source, and ${target.me.name} may not make one on the target`,
          fix: 'Create it on the target with the rights it needs, and remove it from roles.copy.',
          ...place,
        },
      ]
    }
    if (role.login && role.password === 'unreadable' && !target.roleByName(name)) {
      return [
        {
          severity: 'warning',
          code: 'role-password',
          side: 'source',
          subject: `role ${name}`,
          message: `the password of ${name} cannot be read on the source, so it will have none on the target`,
          fix: `Set it before cutover: \\password ${quoteIdent(name)}`,
          ...place,
        },
      ]
    }
    return []
  })
}

function replicationRole(context: MigrationContext): readonly Diagnostic[] {
  const { spec, inspection } = context
  const { adopted } = context.names
  const { name } = spec.roles.replication
  return SIDES.flatMap((side): readonly Diagnostic[] => {
    const role = context[side].roleByName(name)
    const place = at(context, 'roles.replication')
    const mayMake = mayMakeReplicationRole(context[side])
    if (!role) {
      const needed = side === 'source' || (spec.reverse.enabled && !inspection.sameCluster)
      if (!needed || mayMake) return []
      return [
        {
          severity: 'error',
          code: 'role-privilege',
          side,
          message: `${context[side].me.name} may not create role ${name} on the ${side}`,
          fix: `Let somebody who may run: create role ${quoteIdent(name)} login replication password '…';`,
          ...place,
        },
      ]
    }
    const found: Diagnostic[] = []
    if (inspection.replicationLogin[side] === 'wrong-password') {
      const planned = willSetPassword(context, side)
      const message = `role ${name} exists on the ${side} with another password than the spec gives${holderOf(context, side)}`
      found.push({
        severity: planned ? 'warning' : 'error',
        code: 'replication-password',
        side,
        subject: `role ${name}`,
        message: planned
          ? `${message}; the plan sets it, as approved`
          : `${message}; belt does not change the password of a role silently, because another migration or operator may use it`,
        fix: planned
          ? 'Tell whoever else uses the role.'
          : `Give the password it has in roles.replication.password; or choose another role name; or let belt set it, with the approval { hazard: role-password, action: ${rolePasswordId(side)} }, or by hand: \\password ${quoteIdent(name)}`,
        ...place,
      })
    }
    if (role.superuser) {
      found.push({
        severity: 'warning',
        code: 'replication-superuser',
        side,
        subject: `role ${name}`,
        message: `role ${name} is a superuser on the ${side}; replication needs only REPLICATION and SELECT`,
        fix: adopted
          ? 'pgbelt made it so. It writes copied rows on the target, so leave it as it is until the migration is over.'
          : 'Choose another role name and belt makes one with just that.',
        ...place,
      })
    }
    return found
  })
}

/** The role itself takes another password than the spec gives, whatever a subscription of it holds. */
export function refusedPassword(context: MigrationContext): readonly Diagnostic[] {
  return replicationRole(context).filter((d) => d.code === 'replication-password')
}

/** Which of the three agree: the role itself, what a subscription holds, the spec. */
function holderOf({ inspection }: MigrationContext, publisher: Side): string {
  const stream = inspection.streams?.find((s) => s.subscriber === otherSide(publisher))
  if (stream?.held === 'ok') return `, and subscription ${stream.subscription} holds the password that it has`
  if (stream?.held === 'wrong-password') return `, and subscription ${stream.subscription} holds neither`
  return ''
}

/**
 * Up to 15 only a superuser makes a REPLICATION role; from 16 also one with CREATEROLE that has REPLICATION itself. A
 * provider's admin may, or lends it by membership.
 */
function mayMakeReplicationRole(catalog: IndexedCatalog): boolean {
  const { me, server } = catalog
  return me.superuser || (me.createRole && (isProviderAdmin(catalog) || (server.major >= 16 && me.replication)))
}

function at(context: MigrationContext, path: string): Pick<Diagnostic, 'at'> {
  const position = context.spec.positions[path]
  return position === undefined ? {} : { at: position }
}
