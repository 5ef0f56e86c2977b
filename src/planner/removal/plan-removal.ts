import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import type { ActionId, Lock } from '../../actions/base.js'
import type { Setting } from '../../catalog/server.js'
import { settingNameSql, settingValueSql } from '../../core/guc-list.js'
import { quoteIdent, quoteLiteral, quoteQualified } from '../../core/quote.js'
import { settingsOfWorkers } from '../../migration/worker-settings.js'
import { checksLeft, constraintsOn } from '../handover/constraints.js'
import { reopenServed } from '../handover/open.js'
import { triggerActions } from '../handover/triggers.js'
import { handoverTo } from '../../migration/direction.js'
import { admittedRoles } from '../rules/fence-target.js'
import { endSessionsBefore } from './end-sessions.js'
import { workerSettingsId } from '../rules/worker-settings.js'
import { dropGrants, dropRole, restoreRole } from './role.js'
import { ensure } from './step.js'
import type { Step } from './step.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { Engine } from '../../engines/engine.js'
import type { MigrationContext } from '../../migration/context.js'
import { BRIEF_LOCK } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { fenceId, handoverFenceOf } from '../../migration/fence-record.js'
import { fenceSql } from '../../migration/fence-sql.js'
import type { FenceBefore } from '../../migration/fence-sql.js'
import { BELT_SCHEMA } from '../../migration/scope.js'
import { STATE_TABLES } from '../../state/state-tables.js'
import { forgetState } from './forget-state.js'
import { keptForOthers } from './kept-for-others.js'

/**
 * Takes away everything belt made on both sides and puts back what it changed, and nothing else: rows, application
 * roles and whatever others made stay. At `finalized` the side that no longer serves stays closed.
 */
export function planRemoval(context: MigrationContext, engine: Engine, goal: 'absent' | 'finalized'): Draft {
  const streams = engine.remove(context, []).map((a) => (goal === 'finalized' ? endsWayBack(a) : a))
  const gone = streams.map((a) => a.id)
  const identities = SIDES.flatMap((side) => restoreIdentities(context, side, gone))
  // At `absent` those of a handover that was left half-way; at `finalized` nothing feeds the source any more, and whoever
  // opens it one day must not find them dead.
  const triggers = triggerActions(context, handoverTo('source', context.names), gone)
    .filter((a) => a.side === 'source')
    .map((a): Action => ({ ...a, phase: 'remove' }))
  const again = constraintsOn(context, handoverTo('source', context.names), gone).made
  const constraints = [...again, ...(goal === 'absent' ? checksLeft(context, 'source') : [])].map((a): Action => ({
    ...a,
    phase: 'remove',
  }))
  const open =
    goal === 'absent'
      ? SIDES.flatMap((side) => reopen(context, side, [...gone, ...[...triggers, ...constraints].map((a) => a.id)]))
      : []
  const settings = SIDES.flatMap((side) => restoreWorkerSettings(context, side, gone))
  const before = [...streams, ...identities, ...settings, ...triggers, ...constraints, ...open].map((a) => a.id)
  const grants = SIDES.flatMap((side) => dropGrants(context, side, before))
  const restored = SIDES.flatMap((side) => restoreRole(context, side, [...before, ...grants.map((a) => a.id)]))
  const settled = [...before, ...[...grants, ...restored].map((a) => a.id)]
  const records = SIDES.map((side) => dropRecords(context, side, settled, goal))
  const roles = SIDES.flatMap((side) =>
    dropRole(
      context,
      side,
      records.map((a) => a.id),
    ),
  )
  const all = endSessionsBefore(context, [
    ...streams,
    ...identities,
    ...settings,
    ...triggers,
    ...constraints,
    ...open,
    ...grants,
    ...restored,
    ...records,
    ...roles,
  ])
  // At `finalized` it is what remembers that there is nothing left to remove.
  const ids = all.map((a) => a.id)
  return { actions: goal === 'absent' ? [...all, ...forgetState(context, ids)] : all }
}

/** The slot of the way back: until it goes, what is written on the target reaches the source. */
function endsWayBack(action: Action): Action {
  if (action.id !== actionId('drop', 'slot', 'target')) return action
  const message = 'what is written on the target from here on never reaches the source: rolling back is over'
  return { ...action, hazards: [...action.hazards, { code: 'no-way-back', message }] }
}

/** As the record on that server says it was. */
function restoreIdentities(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Step[] {
  const catalog = context[side]
  const noted = (catalog.records ?? []).filter(
    (r) => r.lineage === context.names.lineage && r.action.startsWith(`replica-identity.${side}.`),
  )
  return context.scope.tables.flatMap(({ table }) => {
    const relation = quoteQualified(table.schema, table.name)
    const record = noted.find((r) => r.action === `replica-identity.${side}.${relation}`)
    if (record === undefined) return []
    const was = identityWas(record.before)
    return [
      ensure(side, actionId('restore', record.action), {
        operation: 'change',
        title: `replica identity ${was} on ${relation}, as it was`,
        sql: [`alter table ${relation} replica identity ${was}`],
        after,
        locks: [{ mode: 'ACCESS EXCLUSIVE', relation }],
        timeouts: BRIEF_LOCK,
        wants: [{ is: 'replica identity', table: { schema: table.schema, name: table.name }, identity: was }],
      }),
    ]
  })
}

/** belt changes only tables without a usable identity, so it never replaces an index. */
function identityWas(before: unknown): 'default' | 'nothing' {
  const nothing = typeof before === 'object' && before !== null && 'identity' in before && before.identity === 'nothing'
  return nothing ? 'nothing' : 'default'
}

function reopen(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Step[] {
  const { names } = context
  const id = fenceId(side)
  const record = context[side].recordOf(names.lineage, id)
  if (record === undefined) return []
  const database = context[side].database.name
  const before = handoverFenceOf(context[side], names.lineage)
  const served = side === 'target' ? reopenServed(context) : before && fenceSql(database, before).reopen
  const forget = `delete from belt.record where lineage = ${quoteLiteral(names.lineage)} and action = ${quoteLiteral(id)}`
  return [
    ensure(side, actionId('reopen', side), {
      operation: 'change',
      title: `database ${quoteIdent(database)} on the ${side}: open as it was before belt`,
      ...(side === 'target' && served === undefined ? { note: NEVER_SERVED } : {}),
      sql: [...(served ?? fenceSql(database, preparedBefore(context, record.before)).reopen), forget],
      after,
      wants: [{ is: 'record', lineage: names.lineage, action: id, there: false }],
    }),
  ]
}

/** The target was closed before it ever served; its record holds the database's ACL alone. */
function preparedBefore(context: MigrationContext, acl: unknown): FenceBefore {
  return {
    method: 'revoke_connect',
    acl: Array.isArray(acl) ? (acl as FenceBefore['acl']) : null,
    owner: context.target.database.owner,
    logins: [],
    admitted: admittedRoles(context),
    readOnly: null,
  }
}

/** What belt's login had in that database before its subscription's workers needed settings of their own. */
function restoreWorkerSettings(context: MigrationContext, side: Side, after: readonly ActionId[]): readonly Step[] {
  const { names } = context
  const catalog = context[side]
  const id = workerSettingsId(side)
  const record = catalog.recordOf(names.lineage, id)
  if (record === undefined) return []
  const place = `role ${quoteIdent(catalog.me.name)} in database ${quoteIdent(catalog.database.name)}`
  const had = settingsWere(record.before)
  const now = catalog.database.roleSettings.find((r) => r.role === catalog.me.name)?.settings ?? []
  const mine = settingsOfWorkers(catalog.database.encoding)
  const reset = now.filter((s) => mine.some((m) => m.name === s.name && m.value === s.value))
  return [
    ensure(side, actionId('restore', id), {
      operation: 'change',
      title: `settings of ${place}, as they were`,
      sql: [
        ...reset.map((s) => `alter ${place} reset ${settingNameSql(s.name)}`),
        ...had.map((s) => `alter ${place} set ${settingNameSql(s.name)} = ${settingValueSql(s.name, s.value)}`),
        `delete from belt.record where lineage = ${quoteLiteral(names.lineage)} and action = ${quoteLiteral(id)}`,
      ],
      after,
      wants: [{ is: 'record', lineage: names.lineage, action: id, there: false }],
    }),
  ]
}

function settingsWere(before: unknown): readonly Setting[] {
  if (typeof before !== 'object' || before === null || !('settings' in before)) return []
  return Array.isArray(before.settings) ? before.settings.filter(isSetting) : []
}

function isSetting(value: unknown): value is Setting {
  return typeof value === 'object' && value !== null && 'name' in value && 'value' in value
}

const NEVER_SERVED =
  'It keeps the rows copied so far and is not ready to serve: sequences, tables copied in the pause, NOT VALID constraints and triggers that fire for replicated rows are what a cutover sees to.'

/** The schema goes with the last migration that keeps records in it. */
function dropRecords(
  context: MigrationContext,
  side: Side,
  after: readonly ActionId[],
  goal: 'absent' | 'finalized',
): Step {
  const { names } = context
  const catalog = context[side]
  const others = keptForOthers(context, side)
  // A state goes by itself, last of all.
  const states = catalog.beltTables.some((t) => STATE_TABLES.includes(t))
  const sql = others
    ? [
        `delete from belt.record where lineage = ${quoteLiteral(names.lineage)}`,
        `drop table if exists belt.${quoteIdent(names.markerTable)}`,
      ]
    : [
        'drop table if exists belt.record',
        `drop table if exists belt.${quoteIdent(names.markerTable)}`,
        ...(states ? [] : ['drop schema if exists belt']),
      ]
  return ensure(side, actionId('drop', 'records', side), {
    title: others || states ? `belt's records of this migration` : `schema belt`,
    sql,
    ...(goal === 'finalized' ? closedForGood(context, side) : {}),
    after,
    locks: ['record', names.markerTable]
      .filter((table) => catalog.beltTables.includes(table))
      .map((table): Lock => ({ mode: 'ACCESS EXCLUSIVE', relation: quoteQualified(BELT_SCHEMA, table) })),
    timeouts: BRIEF_LOCK,
    wants: [{ is: 'no records', lineage: names.lineage, markerTable: names.markerTable }],
  })
}

/** The last note of what the fence took goes with the records: the plan keeps it, for whoever opens the side one day. */
function closedForGood(context: MigrationContext, side: Side): Pick<Step, 'note'> {
  const before = handoverFenceOf(context[side], context.names.lineage)
  if (before === undefined) return {}
  const reopen = fenceSql(context[side].database.name, before).reopen
  if (reopen.length === 0) return {}
  return { note: `The ${side} stays closed. What would open it as it was: ${reopen.join('; ')}` }
}
