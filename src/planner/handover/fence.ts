import type { Ensure } from '../../actions/ensure.js'
import type { ActionId } from '../../actions/base.js'
import { actionId } from '../../actions/base.js'
import type { ProveQuiet } from '../../actions/prove-quiet.js'
import { factKey, LOGINS_FACT } from '../../catalog/facts.js'
import { serviceRoles } from '../../catalog/provider.js'
import { counted } from '../../core/counted.js'
import { compareText } from '../../core/diagnostic.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import type { MigrationContext } from '../../migration/context.js'
import { fenceHolds } from '../../migration/direction.js'
import type { Handover } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { fenceId } from '../../migration/fence-record.js'
import { fenceBefore, fenceSql, takenByFence } from '../../migration/fence-sql.js'
import { recordSql } from '../../migration/record-sql.js'
import { switchedOff } from './triggers.js'

/** Roles a fence leaves alone: belt's own, those the spec exempts, and on the target those that may look on. */
export function admittedRoles(context: MigrationContext, side: Handover['from']): readonly string[] {
  const { spec } = context
  const catalog = context[side]
  const named = [...spec.cutover.exceptRoles, ...(side === 'target' ? spec.target.previewRoles : [])]
  const known = [spec.roles.replication.name, ...named].filter((role) => catalog.roleByName(role) !== undefined)
  return [...new Set([catalog.me.name, ...known])].sort(compareText)
}

/** Closes the side that serves now. What stood there is noted on that server in the same transaction (rule 15). */
export function fenceAction(context: MigrationContext, handover: Handover, after: readonly ActionId[]): Ensure {
  const { from, to } = handover
  const { spec, names } = context
  const database = context[from].database.name
  const { close, reopen, before } = fenceSql(
    database,
    fenceBefore(context[from], spec.cutover.fence, admittedRoles(context, from)),
  )
  const id = fenceId(from)
  const forget = `delete from belt.record where lineage = ${quoteLiteral(names.lineage)} and action = ${quoteLiteral(id)}`
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id,
    side: from,
    phase: 'pause',
    operation: 'change',
    title: `database ${quoteIdent(database)} on the ${from}: close to applications (${spec.cutover.fence})`,
    note: METHODS[spec.cutover.fence],
    sql: [recordSql(names.lineage, id, 'fence', before), ...close],
    after,
    reads: [
      factKey(from, 'database acl'),
      ...(before.method === 'revoke_login' ? [factKey(from, LOGINS_FACT)] : []),
      ...before.logins.map((role) => factKey(from, `role ${role}`)),
    ],
    hazards: [
      {
        code: 'write-pause',
        message: `applications cannot write from here until the ${to} is open; given up and taken back after ${String(spec.cutover.maxPauseMs / 1000)} s`,
        approval: true,
      },
      ...leftBehind(context, from),
    ],
    abort: [...reopen, forget],
    undo: [...reopen, forget].join('; '),
    specPath: 'cutover.fence',
    wants: [{ is: 'record', lineage: names.lineage, action: id, there: true }],
    closesTo: takenByFence(before),
  }
}

/** Replication does not carry large objects: from here on what is in them is only on the side that is closed. */
function leftBehind(context: MigrationContext, from: Handover['from']): Ensure['hazards'] {
  const { largeObjects } = context[from]
  if (largeObjects === 0) return []
  const message = `${counted(largeObjects, 'large object')} of the ${from} stay behind`
  return [{ code: 'large-objects', message, approval: true }]
}

const METHODS = {
  revoke_connect: 'Takes CONNECT in this database from everybody but belt’s own roles and cutover.except_roles.',
  revoke_login:
    'Takes LOGIN from the roles that may connect here. Roles belong to the whole cluster: its other databases lose them too.',
  read_only: 'Makes new transactions read-only by default. A courtesy, not a fence: any client can undo it with SET.',
  none: 'You stop the applications; belt still proves that nobody writes.',
} as const

/** Ends what the fence does not end, and proves that nobody is left (rule 16). */
export function quietAction(context: MigrationContext, handover: Handover, after: readonly ActionId[]): ProveQuiet {
  const { from } = handover
  const { fence } = context.spec.cutover
  // Who logs in as belt's admin is belt itself or must go, like everybody else.
  const exempt = [...admittedRoles(context, from), ...serviceRoles(context[from])].filter(
    (role) => role !== context[from].me.name,
  )
  const spared = exempt.length === 0 ? '' : ` and a.usename not in (${exempt.map(quoteLiteral).join(', ')})`
  // Sessions that begin under a read-only default may stay; a right that hides the kind of a session hides that of clients.
  const older = fence === 'read_only' ? ' and a.backend_start < $1::pg_catalog.timestamptz' : ''
  const terminate = `select a.pid, pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity as a where a.datname = pg_catalog.current_database() and a.usename is not null and coalesce(a.backend_type, 'client backend') = 'client backend' and a.pid <> pg_catalog.pg_backend_pid() and a.application_name not like 'belt/%'${spared}${older}`
  const tables = context.scope.tables
    .filter((t) => t.table.kind === 'table' && t.route !== 'none')
    .map(({ table }) => ({ schema: table.schema, name: table.name }))
  return {
    ...NOTHING_SPECIAL,
    kind: 'prove-quiet',
    id: actionId('quiet', from),
    side: from,
    phase: 'pause',
    operation: 'gate',
    title: `nobody writes to the ${from} any more`,
    note:
      fence === 'none'
        ? 'Waits until the sessions you end are gone, then takes a SHARE lock on every table, which is held up to the point of no return.'
        : 'Ends the sessions that are left, then samples, looks for prepared transactions, and takes a SHARE lock on every table, which is held up to the point of no return.',
    sql: fence === 'none' ? [] : [terminate],
    transaction: 'none',
    after,
    tables,
    altered: switchedOff(context, handover),
    exempt,
    ownSubscription: handover.returning.subscription,
    newcomers: fence === 'read_only' ? 'read-only' : 'refused',
    ...(fenceHolds(fence) ? { fenced: true } : {}),
  }
}

/**
 * Right before the point of no return: no fence holds superusers, and whatever they committed behind the drain would be
 * lost. Until here the locks have kept everybody from writing.
 */
export function quietAgainAction(quiet: ProveQuiet, after: readonly ActionId[]): ProveQuiet {
  return {
    ...quiet,
    id: actionId('quiet-again', quiet.side),
    title: `still nobody has written to the ${quiet.side}`,
    note: 'The locks have stood since the drain; whoever has connected meanwhile is sent away without having written.',
    after,
    again: true,
  }
}
