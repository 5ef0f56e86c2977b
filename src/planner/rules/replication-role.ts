import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import type { SetReplicationRole } from '../../actions/set-replication-role.js'
import { factKey } from '../../catalog/facts.js'
import type { IndexedCatalog } from '../../catalog/indexed.js'
import { providerOf } from '../../catalog/provider.js'
import { SETTINGS_OF_REPLICATION_ROLE } from '../../migration/replication-role-settings.js'
import { quoteIdent } from '../../core/quote.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { roleBefore } from '../../migration/role-before.js'
import { recordSql } from '../../migration/record-sql.js'
import { recordsId } from './records.js'

export function replicationRoleId(side: Side): ActionId {
  return actionId('role', side, 'replication')
}

const PASSWORD = '${secret:roles.replication.password}'

/**
 * The role the subscription logs in with: REPLICATION and read grants, never superuser. It is made on the target
 * too when reverse replication is wanted, since there the target is read from.
 */
export function planReplicationRole(context: MigrationContext): Draft {
  const sides: readonly Side[] =
    context.spec.reverse.enabled && !context.inspection.sameCluster ? ['source', 'target'] : ['source']
  return { actions: sides.map((side) => roleAction(context, side)) }
}

function roleAction(context: MigrationContext, side: Side): SetReplicationRole {
  const { spec, names } = context
  const catalog = context[side]
  const name = spec.roles.replication.name
  const existing = catalog.roleByName(name)
  const bypassRls = context.scope.tables.some((t) => t.route !== 'none' && t.table.rowSecurity)
  const id = replicationRoleId(side)
  const settings = SETTINGS_OF_REPLICATION_ROLE.filter((s) => catalog.server.major >= s.since)
  const missing = settings.filter((s) => !existing?.settings.some((e) => e.name === s.name && e.value === s.value))
  const lent = providerOf(catalog)?.replicationRole
  const attributes = [
    'login',
    ...(lent === undefined ? ['replication'] : []),
    ...(bypassRls ? ['bypassrls'] : []),
  ].join(' ')
  const role = quoteIdent(name)
  const recreated = existing
    ? [
        recordSql(names.lineage, id, `role ${name}`, roleBefore(catalog, existing, lent)),
        `alter role ${role} with ${attributes}`,
      ]
    : [
        `create role ${role} with ${attributes} password ${PASSWORD}`,
        recordSql(names.lineage, id, `role ${name}`, null),
      ]
  const reading = lent === undefined ? 'REPLICATION' : `Membership in ${lent}`
  const why = bypassRls
    ? `${reading} to read the slot, BYPASSRLS because tables in scope have row security and would else be copied in part`
    : `${reading} to read the slot; SELECT on the tables in scope comes as grants; not a superuser`
  return {
    ...NOTHING_SPECIAL,
    kind: 'set-replication-role',
    id,
    side,
    phase: 'access',
    operation: existing ? 'change' : 'create',
    title: `role ${role} (${attributes})`,
    note: `${why}. Time-outs are off for it: one set on the database would restart the copy for ever.`,
    sql: [
      ...recreated,
      ...(lent === undefined ? [] : [`grant ${quoteIdent(lent)} to ${role}`]),
      ...missing.map((s) => `alter role ${role} set ${s.name} = ${s.value}`),
      ...connectGrant(catalog, role),
    ],
    after: [recordsId(side)],
    reads: [factKey(side, `role ${name}`)],
    secrets: existing
      ? []
      : [{ placeholder: PASSWORD, source: { from: 'spec', path: 'roles.replication.password' }, as: 'scram' }],
    undo: existing
      ? 'The role was there before belt; absent and finalized give it back what it had.'
      : `drop role ${role}`,
    specPath: 'roles.replication',
    role: name,
    bypassRls,
    settings: settings.map(({ name: setting, value }) => ({ name: setting, value })),
  }
}

function connectGrant(catalog: IndexedCatalog, role: string): readonly string[] {
  const { acl, name } = catalog.database
  const open = acl === null || acl.some((a) => a.privilege === 'CONNECT' && a.grantee === '')
  return open ? [] : [`grant connect on database ${quoteIdent(name)} to ${role}`]
}
