import { actionId } from '../../actions/base.js'
import { factKey } from '../../catalog/facts.js'
import type { AclItem } from '../../catalog/acl.js'
import type { Setting } from '../../catalog/server.js'
import { settingNameSql, settingValueSql } from '../../core/guc-list.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import type { Deferred } from '../../plan/plan.js'
import { copyRoleId } from './copy-roles.js'
import { FENCE_TARGET_ID } from './fence-target.js'

export const DATABASE_ID = actionId('database', 'target')

/** Settings of the database that would stop the copy or the replication workers on the target if they came now. */
export const LATER_SETTINGS: ReadonlySet<string> = new Set([
  'default_transaction_read_only',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'lock_timeout',
  'row_security',
  'session_replication_role',
  'statement_timeout',
  'transaction_timeout',
])

type Grant = Pick<AclItem, 'grantee' | 'privilege'>

/** What a database without an ACL of its own grants to everybody, CONNECT apart, which is the fence's matter. */
const BUILT_IN: readonly Grant[] = [{ grantee: '', privilege: 'TEMPORARY' }]

/** What belongs to the database itself: settings, comment, grants of CREATE and TEMPORARY. */
export function planDatabase(context: MigrationContext): Draft {
  const { source, target } = context
  const database = quoteIdent(target.database.name)
  const known = new Set([...target.roles.map((r) => r.name), ...context.spec.roles.copy])
  const now = source.database.settings.filter((s) => !LATER_SETTINGS.has(s.name))
  const roleSettings = source.database.roleSettings.filter((r) => known.has(r.role))
  const grants = (source.database.acl ?? [])
    .filter((a) => a.privilege !== 'CONNECT' && a.grantee !== source.database.owner)
    .filter((a) => a.grantee === '' || known.has(a.grantee))
    .map(({ grantee, privilege }) => ({ grantee, privilege }))
  const held = target.database.acl ?? BUILT_IN
  const holds = (g: Grant): boolean => held.some((h) => h.grantee === g.grantee && h.privilege === g.privilege)
  const revokes = (source.database.acl === null ? [] : BUILT_IN).filter(
    (g) => !grants.some((w) => w.grantee === g.grantee && w.privilege === g.privilege) && holds(g),
  )
  const { comment } = source.database
  const sql = [
    ...now.map((s) => `alter database ${database} set ${setSql(s)}`),
    ...roleSettings.flatMap((r) =>
      r.settings.map((s) => `alter role ${quoteIdent(r.role)} in database ${database} set ${setSql(s)}`),
    ),
    ...(comment === undefined ? [] : [`comment on database ${database} is ${quoteLiteral(comment)}`]),
    ...revokes.map((g) => `revoke ${g.privilege.toLowerCase()} on database ${database} from ${grantee(g.grantee)}`),
    ...grants
      .filter((g) => !holds(g))
      .map((g) => `grant ${g.privilege.toLowerCase()} on database ${database} to ${grantee(g.grantee)}`),
  ]
  if (sql.length === 0) return { actions: [], deferred: deferredParts(context) }
  return {
    deferred: deferredParts(context),
    actions: [
      {
        ...NOTHING_SPECIAL,
        kind: 'set-database',
        id: DATABASE_ID,
        side: 'target',
        phase: 'roles',
        operation: 'change',
        title: `database ${database}: settings, comment and grants of the source database`,
        sql,
        after: [
          FENCE_TARGET_ID,
          ...roleSettings.map((r) => copyRoleId(r.role)),
          ...grants.map((g) => copyRoleId(g.grantee)),
        ],
        reads: [factKey('source', 'database settings'), factKey('source', 'database acl')],
        undo: 'Each setting can be taken back with ALTER DATABASE … RESET.',
        settings: now,
        roleSettings,
        ...(comment === undefined ? {} : { comment }),
        grants,
        revokes,
      },
    ],
  }
}

function deferredParts({ source, target }: MigrationContext): readonly Deferred[] {
  const later = source.database.settings.filter((s) => LATER_SETTINGS.has(s.name))
  const settings = later.map((s) => ({
    what: `database setting ${s.name} = ${s.value}`,
    until: 'cutover' as const,
    why: 'it would reach the sessions that copy and apply',
  }))
  if (source.database.owner === target.database.owner) return settings
  const why = 'an owner can always connect, and the target is closed to applications'
  return [...settings, { what: `database owner ${quoteIdent(source.database.owner)}`, until: 'cutover', why }]
}

function setSql(setting: Setting): string {
  return `${settingNameSql(setting.name)} = ${settingValueSql(setting.name, setting.value)}`
}

function grantee(name: string): string {
  return name === '' ? 'public' : quoteIdent(name)
}
