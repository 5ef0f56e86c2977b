import { actionId } from '../../actions/base.js'
import type { ActionId, SecretUse } from '../../actions/base.js'
import type { CopyRole, GrantMembership } from '../../actions/copy-role.js'
import type { IndexedCatalog } from '../../catalog/indexed.js'
import { factKey } from '../../catalog/facts.js'
import type { Membership, Role } from '../../catalog/roles.js'
import { settingNameSql, settingValueSql } from '../../core/guc-list.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { roleAttributes } from '../../migration/role-attributes.js'
import { recordSql } from '../../migration/record-sql.js'
import { FENCE_TARGET_ID } from './fence-target.js'
import { recordsId } from './records.js'

/** The name is quoted where it needs to be: a role may be called `source.replication`. */
export function copyRoleId(role: string): ActionId {
  return actionId('role', quoteIdent(role))
}

/** Application roles named in `roles.copy`, with everything that makes them work on the target, passwords included. */
export function planCopyRoles(context: MigrationContext): Draft {
  if (context.inspection.sameCluster) return { actions: [] }
  const roles = context.spec.roles.copy.flatMap((name) => context.source.roleByName(name) ?? [])
  const memberships = roles.flatMap((role) =>
    role.memberOf.filter((m) => mayBeMember(context, m.role)).map((m) => membershipAction(context, role, m)),
  )
  return { actions: [...roles.map((role) => roleAction(context, role)), ...memberships] }
}

/** Whether the target will have that role, and whoever applies the plan may grant it. */
export function mayBeMember({ spec, source, target }: MigrationContext, role: string): boolean {
  if (target.predefinedRoles.includes(role)) return mayGrantPredefined(target, role)
  return (
    (spec.roles.copy.includes(role) && source.roleByName(role) !== undefined) || target.roleByName(role) !== undefined
  )
}

/** Up to 15 CREATEROLE is enough; from 16 it takes ADMIN OPTION on that very role. */
function mayGrantPredefined({ me, server, roleByName }: IndexedCatalog, role: string): boolean {
  if (me.superuser || (server.major < 16 && me.createRole)) return true
  return roleByName(me.name)?.memberOf.some((m) => m.role === role && m.admin) === true
}

function roleAction(context: MigrationContext, role: Role): CopyRole {
  const name = quoteIdent(role.name)
  const placeholder = '${secret:role-verifier/' + role.name + '}'
  const readable = role.password === 'scram' || role.password === 'md5'
  const secrets: readonly SecretUse[] = readable
    ? [{ placeholder, source: { from: 'role-verifier', role: role.name }, as: 'literal' }]
    : []
  const preview = context.spec.target.previewRoles.includes(role.name)
  const index = context.spec.roles.copy.indexOf(role.name)
  return {
    ...NOTHING_SPECIAL,
    kind: 'copy-role',
    id: copyRoleId(role.name),
    side: 'target',
    phase: 'roles',
    operation: 'create',
    title: `role ${name} (${roleAttributes(role).join(' ')})`,
    ...passwordNote(role),
    sql: [
      `create role ${name} with ${[...roleAttributes(role), ...limits(role)].join(' ')}${readable ? ` password ${placeholder}` : ''}`,
      ...actAs(context, name),
      ...role.settings.map(
        (s) => `alter role ${name} set ${settingNameSql(s.name)} = ${settingValueSql(s.name, s.value)}`,
      ),
      ...(role.comment === undefined ? [] : [`comment on role ${name} is ${quoteLiteral(role.comment)}`]),
      ...(preview ? [`grant connect on database ${quoteIdent(context.target.database.name)} to ${name}`] : []),
      recordSql(context.names.lineage, copyRoleId(role.name), `role ${role.name}`, null),
    ],
    after: [FENCE_TARGET_ID, recordsId('target')],
    reads: [factKey('source', `role ${role.name}`), factKey('target', `role ${role.name}`)],
    secrets,
    undo: `drop role ${name}`,
    specPath: `roles.copy.${String(index)}`,
    role: role.name,
  }
}

/**
 * Who is no superuser must be able to act as a role to give it an object. From 16 who makes a role may grant it but is
 * not a member yet; before, who may make roles may grant any.
 */
function actAs({ target }: MigrationContext, role: string): readonly string[] {
  if (target.me.superuser) return []
  const options = target.server.major >= 16 ? ' with inherit true, set true' : ''
  return [`grant ${role} to ${quoteIdent(target.me.name)}${options}`]
}

function limits(role: Role): readonly string[] {
  const limit = role.connectionLimit >= 0 ? [`connection limit ${String(role.connectionLimit)}`] : []
  const until = role.validUntil === undefined ? [] : [`valid until ${quoteLiteral(role.validUntil)}`]
  return [...limit, ...until]
}

function passwordNote(role: Role): { readonly note?: string } {
  if (!role.login) return {}
  if (role.password === 'unreadable') {
    return { note: 'Its password cannot be read here: set it on the target before cutover, or the role cannot log in.' }
  }
  if (role.password === 'none') return { note: 'It has no password on the source either.' }
  return { note: `Its ${role.password === 'scram' ? 'SCRAM' : 'md5'} password verifier is carried over.` }
}

function membershipAction(context: MigrationContext, role: Role, membership: Membership): GrantMembership {
  const granted = quoteIdent(membership.role)
  const member = quoteIdent(role.name)
  const { major } = context.target.server
  const options =
    major >= 16 && membership.inherit !== undefined && membership.set !== undefined
      ? ` with admin ${onOff(membership.admin)}, inherit ${onOff(membership.inherit)}, set ${onOff(membership.set)}`
      : membership.admin
        ? ' with admin option'
        : ''
  return {
    ...NOTHING_SPECIAL,
    kind: 'grant-membership',
    id: actionId('member', granted, member),
    side: 'target',
    phase: 'roles',
    operation: 'create',
    title: `${member} is a member of ${granted}`,
    sql: [`grant ${granted} to ${member}${options}`],
    after: [copyRoleId(role.name), copyRoleId(membership.role)],
    reads: [factKey('source', `role ${role.name}`)],
    undo: `revoke ${granted} from ${member}`,
    specPath: 'roles.copy',
    role: membership.role,
    member: role.name,
  }
}

function onOff(value: boolean): string {
  return value ? 'true' : 'false'
}
