import type { IndexedCatalog } from '../catalog/indexed.js'
import type { BeltRecord } from '../catalog/catalog.js'
import type { Role } from '../catalog/roles.js'
import type { Setting } from '../catalog/server.js'
import { settingNameSql, settingValueSql } from '../core/guc-list.js'
import { quoteIdent } from '../core/quote.js'
import { SETTINGS_OF_REPLICATION_ROLE } from './replication-role-settings.js'

/** Of a replication role that was there before belt: what belt may change of it, as it stood then. */
export interface RoleBefore {
  readonly login: boolean
  readonly replication: boolean
  readonly bypassRls: boolean
  readonly settings: readonly Setting[]
  /** Had CONNECT on the database by a grant of its own. */
  readonly connect: boolean
  /** Was a member of the role through which a provider lends the right to replicate. */
  readonly lent: boolean
}

export function roleBefore(catalog: IndexedCatalog, role: Role, lent: string | undefined): RoleBefore {
  const ours = new Set(SETTINGS_OF_REPLICATION_ROLE.map((s) => s.name))
  return {
    login: role.login,
    replication: role.replication,
    bypassRls: role.bypassRls,
    settings: role.settings.filter((s) => ours.has(s.name)),
    connect: (catalog.database.acl ?? []).some((a) => a.privilege === 'CONNECT' && a.grantee === role.name),
    lent: role.memberOf.some((m) => m.role === lent),
  }
}

/** undefined: belt made the role, or an older release noted nothing. */
export function roleBeforeOf(record: BeltRecord | undefined): RoleBefore | undefined {
  const before = record?.before
  if (typeof before !== 'object' || before === null || !('login' in before) || !('settings' in before)) return undefined
  return before as RoleBefore
}

/** What belt gave the role and it did not have, taken back; what somebody has changed again since stays. */
export function restoreRoleSql(role: Role, before: RoleBefore, lent: string | undefined): readonly string[] {
  const name = quoteIdent(role.name)
  const taken = (['login', 'replication', 'bypassRls'] as const)
    .filter((attribute) => role[attribute] && !before[attribute])
    .map((attribute) => `no${attribute.toLowerCase()}`)
  const settings = SETTINGS_OF_REPLICATION_ROLE.flatMap(({ name: setting, value }): readonly string[] => {
    const had = before.settings.find((s) => s.name === setting)
    const now = role.settings.find((s) => s.name === setting)
    if (now?.value !== value || had?.value === value) return []
    return had === undefined
      ? [`alter role ${name} reset ${settingNameSql(setting)}`]
      : [`alter role ${name} set ${settingNameSql(setting)} = ${settingValueSql(setting, had.value)}`]
  })
  const member = lent !== undefined && !before.lent && role.memberOf.some((m) => m.role === lent)
  return [
    ...(taken.length === 0 ? [] : [`alter role ${name} with ${taken.join(' ')}`]),
    ...settings,
    ...(member ? [`revoke ${quoteIdent(lent)} from ${name}`] : []),
  ]
}
