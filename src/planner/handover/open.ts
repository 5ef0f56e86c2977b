import type { ActionId } from '../../actions/base.js'
import type { Ensure } from '../../actions/ensure.js'
import { settingNameSql, settingValueSql } from '../../core/guc-list.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { fenceId, handoverFenceOf, noReturnId, openedId, openId } from '../../migration/fence-record.js'
import { fenceBefore, fenceSql } from '../../migration/fence-sql.js'
import type { FenceBefore } from '../../migration/fence-sql.js'
import { noReturnSql } from '../../migration/no-return-sql.js'
import { recordSql } from '../../migration/record-sql.js'
import { LATER_SETTINGS } from '../rules/database.js'

/** The durable intent to open the other side (rule 18): before it stands, belt takes everything back; after it, never. */
export function noReturnAction(context: MigrationContext, handover: Handover, after: readonly ActionId[]): Ensure {
  const { from, to } = handover
  const id = openId(to)
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: noReturnId(to),
    side: from,
    phase: 'pause',
    operation: 'run',
    title: `point of no return: the ${to} will be opened`,
    sql: noReturnSql(context.names.lineage, from, context.spec.cutover.maxPauseMs),
    after,
    hazards: [
      {
        code: 'point-of-no-return',
        message: `from here on the ${to} serves; going back is a ${to === 'target' ? 'rollback' : 'new cutover'}, with a pause of its own`,
        approval: true,
      },
    ],
    wants: [{ is: 'record', lineage: context.names.lineage, action: id, there: true }],
  }
}

/** Lets the applications in, as they are let in on the source, or were before belt closed it. */
export function openAction(context: MigrationContext, handover: Handover, after: readonly ActionId[]): Ensure {
  const { to } = handover
  const { names } = context
  const { lineage } = names
  const forget = [fenceId(to), openId(handover.from)].map(
    (id) => `delete from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(id)}`,
  )
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: openId(to),
    side: to,
    phase: 'pause',
    operation: 'change',
    title: `database ${quoteIdent(context[to].database.name)} on the ${to}: open to applications`,
    sql: [
      ...(to === 'target' ? openTargetSql(context) : reopenSourceSql(context)),
      ...forget,
      ...(to === 'target' ? [recordSql(lineage, openedId(to), 'serves', null)] : []),
    ],
    after,
    undo: to === 'target' ? 'stage: rolled-back' : 'stage: cutover',
    // A target that was closed before belt came has no record of a fence: that it is gone does not say that it is open.
    wants: [
      { is: 'record', lineage, action: fenceId(to), there: false },
      ...(to === 'target' ? [{ is: 'record' as const, lineage, action: openedId(to), there: true }] : []),
    ],
  }
}

/** Exactly what the record on the server says stood there before. */
function reopenSourceSql(context: MigrationContext): readonly string[] {
  const { source, names, spec } = context
  const before = handoverFenceOf(source, names.lineage) ?? fenceBefore(source, spec.cutover.fence, [])
  return fenceSql(source.database.name, before).reopen
}

/**
 * Had the target served before a rollback closed it: what stood there then, by the record of that fence. CONNECT that was
 * left then and taken on the way to `replicating` has a record of its own.
 */
export function reopenServed({ target, names }: MigrationContext): readonly string[] | undefined {
  const before = handoverFenceOf(target, names.lineage)
  if (before === undefined) return undefined
  const later = (target.records ?? []).find(
    (r) => r.lineage === names.lineage && r.action === fenceId('target') && r.object === 'database acl',
  )
  const acl = Array.isArray(later?.before) ? (later.before as FenceBefore['acl']) : undefined
  const { name } = target.database
  return [
    ...(acl === undefined ? [] : fenceSql(name, { ...before, method: 'revoke_connect', acl, admitted: [] }).reopen),
    ...fenceSql(name, before).reopen,
  ]
}

/** The target's own owner gets back what the first fence took from it; a new owner takes over its grants. */
function ownerLetIn({ target, names }: MigrationContext): readonly string[] {
  const { name, owner } = target.database
  const record = target.recordOf(names.lineage, fenceId('target'))
  if (record?.object !== 'database acl' || owner === target.me.name) return []
  const acl = Array.isArray(record.before) ? (record.before as FenceBefore['acl']) : null
  const had = acl === null || acl.some((a) => a.privilege === 'CONNECT' && a.grantee === owner)
  return had ? [`grant connect on database ${quoteIdent(name)} to ${quoteIdent(owner)}`] : []
}

/** The target gets the CONNECT grants, the owner and the settings that the source has and that had to wait. */
function openTargetSql(context: MigrationContext): readonly string[] {
  const { source, target, names } = context
  const database = quoteIdent(target.database.name)
  const fenced = handoverFenceOf(source, names.lineage)
  const acl = fenced === undefined ? source.database.acl : fenced.acl
  const known = new Set([...target.roles.map((r) => r.name), ...context.spec.roles.copy])
  const grantees =
    acl === null
      ? ['public']
      : [...new Set(acl.filter((a) => a.privilege === 'CONNECT').map((a) => a.grantee))]
          .filter((g) => g === '' || known.has(g))
          .map((g) => (g === '' ? 'public' : quoteIdent(g)))
  const owner = source.database.owner
  const settings = source.database.settings.filter(
    (s) =>
      LATER_SETTINGS.has(s.name) && !(fenced?.method === 'read_only' && s.name === 'default_transaction_read_only'),
  )
  return [
    ...(reopenServed(context) ?? []),
    ...ownerLetIn(context),
    ...(grantees.length === 0 ? [] : [`grant connect on database ${database} to ${grantees.join(', ')}`]),
    ...settings.map(
      (s) => `alter database ${database} set ${settingNameSql(s.name)} = ${settingValueSql(s.name, s.value)}`,
    ),
    ...(owner !== target.database.owner && known.has(owner)
      ? [
          `alter database ${database} owner to ${quoteIdent(owner)}`,
          `grant connect on database ${database} to ${quoteIdent(target.me.name)}`,
        ]
      : []),
  ]
}
