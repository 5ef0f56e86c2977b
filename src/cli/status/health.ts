import { probeAction } from '../../actions/action.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteIdent } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import { engineFor } from '../../engines/engine-of.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { streamFrom } from '../../migration/streams/stream.js'
import { fenceId, handoverFenceOf, openId } from '../../migration/fence-record.js'
import { servingSide, sideToReopen } from '../../planner/current-stage.js'
import { closeAgain } from '../../planner/handover/close-again.js'
import { streamFindings } from '../../planner/streams/findings.js'
import { planFenceTarget } from '../../planner/rules/fence-target.js'
import type { Status } from '../../render/status/status.js'

/** Alarms that are none while a run does its work inside a pause. */
export const OF_A_PAUSE: ReadonlySet<string> = new Set(['drift-handover-half-way', 'drift-subscription-disabled'])

/** What is wrong with the replication that stands, whatever the plan says: each of these grows worse by waiting. */
export function healthAlarms(context: MigrationContext): readonly Diagnostic[] {
  // Without a source nothing can flow, and nobody waits for it.
  if (context.inspection.gone !== undefined) return []
  return [...brokenAlarms(context), ...replicationAlarms(context), ...fenceAlarms(context)]
}

/** A handover that is half-way has taken its streams apart on purpose. */
function brokenAlarms(context: MigrationContext): readonly Diagnostic[] {
  if (sideToReopen(context) !== undefined) return []
  return engineFor(context).broken(context, servingSide(context))
}

function fenceAlarms(context: MigrationContext): readonly Diagnostic[] {
  const half = sideToReopen(context)
  if (half !== undefined) {
    const message = `a handover is half-way and both sides are closed to applications: nobody can write anywhere`
    const fix = `If no apply runs, run the same apply again, or set stage back and belt plan shows how the ${half} is opened.`
    return [alarm('drift-handover-half-way', half, message, fix)]
  }
  const serving = servingSide(context)
  if (serving === 'target' && letsNobodyIn(context)) return [nobodyIn(context)]
  const open = serving === 'source' ? targetFence(context) === 'open' : sourceFence(context) === 'open'
  if (!open) return []
  const side = otherSide(serving)
  const database = context[side].database.name
  const message = `applications can connect to database ${database} on the ${side}: what they write there is lost or breaks replication`
  return [
    alarm(
      side === 'target' ? 'drift-target-open' : 'drift-source-open',
      side,
      message,
      `belt plan shows what closes it again. ${byHand(context, side)}`,
    ),
  ]
}

/** CONNECT that a cutover took from applications on the source, and none of them has it on the target. */
function letsNobodyIn({ source, target, names }: MigrationContext): boolean {
  const before = handoverFenceOf(source, names.lineage)
  if (before === undefined) return false
  const held = (acl: typeof before.acl): readonly string[] =>
    acl === null ? [''] : acl.filter((a) => a.privilege === 'CONNECT').map((a) => a.grantee)
  const had = held(before.acl).filter((grantee) => !before.admitted.includes(grantee))
  const now = held(target.database.acl)
  return had.length > 0 && !now.includes('') && !had.some((grantee) => now.includes(grantee))
}

function nobodyIn({ source, target, names }: MigrationContext): Diagnostic {
  const before = handoverFenceOf(source, names.lineage)
  const who = new Set((before?.acl ?? [{ grantee: '' }]).map((a) => a.grantee))
  const grantees = [...who].filter((g) => g === '' || target.roleByName(g) !== undefined)
  const to = grantees.map((g) => (g === '' ? 'public' : quoteIdent(g))).join(', ')
  const database = quoteIdent(target.database.name)
  return alarm(
    'drift-serving-closed',
    'target',
    'applications can connect to neither side: the target serves, and nobody who had CONNECT on the source has it there',
    `By hand: grant connect on database ${database} to ${to === '' ? 'the applications’ roles' : to}`,
  )
}

/** A plan that has errors closes nothing, and must not be waited for. */
function byHand(context: MigrationContext, side: Side): string {
  const byHandover = leftByHandover(context, side)
  const sql = byHandover ? closeAgain(context, side).sql : planFenceTarget(context).actions.flatMap((a) => a.sql)
  const statements = sql.filter((sql) => /^(?:alter|grant|revoke|set|reset) /.test(sql))
  const by = statements.length === 0 ? '' : `By hand: begin; ${statements.join('; ')}; commit. `
  return `${by}A role that only looks on there is named in ${byHandover ? 'cutover.except_roles' : 'target.preview_roles'}.`
}

/** A handover has closed it, with a fence of its own that may spare other roles than the target's first one. */
function leftByHandover({ target, names }: MigrationContext, side: Side): boolean {
  return side === 'source' || target.recordOf(names.lineage, openId('source')) !== undefined
}

/** Whether applications are kept from the source: once the target serves, by the same probe that the plan uses. */
export function sourceFence(context: MigrationContext): Status['sourceFence'] {
  if (servingSide(context) === 'target') return isClosed(context, 'source') ? 'closed' : 'open'
  return context.source.recordOf(context.names.lineage, fenceId('source')) === undefined ? 'open' : 'closed'
}

function isClosed(context: MigrationContext, side: Side): boolean {
  return probeAction(closeAgain(context, side), context) === 'done'
}

/** Of the direction that runs now: from the side that serves to the other. */
function replicationAlarms(context: MigrationContext): readonly Diagnostic[] {
  const from = servingSide(context)
  const to = otherSide(from)
  const { subscription: name, slot: slotName } = publishedFrom(from, context.names)
  const subscription = context[to].subscriptionByName(name)
  const slot = context[from].slotByName(slotName)
  if (subscription === undefined) {
    if (slot === undefined) return []
    const message = `slot ${slotName} keeps log, and no subscription reads it`
    return [alarm('drift-slot-without-subscription', from, message, 'belt plan shows what is missing.')]
  }
  const stream = streamFrom(context, from)
  return stream === undefined ? [] : streamFindings(context, stream).map((d) => ({ ...d, severity: 'error' }))
}

/** Whether applications are kept from the target, by the same probe that the plan uses. */
export function targetFence(context: MigrationContext): Status['targetFence'] {
  if (!context.target.beltTables.includes(context.names.markerTable)) return 'not belt’s yet'
  if (leftByHandover(context, 'target')) return isClosed(context, 'target') ? 'closed' : 'open'
  return planFenceTarget(context).actions.every((a) => probeAction(a, context) === 'done') ? 'closed' : 'open'
}

function alarm(code: string, side: 'source' | 'target', message: string, fix: string): Diagnostic {
  return { severity: 'error', code, side, message, fix }
}
