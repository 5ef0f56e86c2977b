import type { Action } from '../actions/action.js'
import { actionId } from '../actions/base.js'
import type { QualifiedName } from '../catalog/schema-script.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Side } from '../core/side.js'
import { quoteLiteral } from '../core/quote.js'
import type { Engine } from '../engines/engine.js'
import type { MigrationContext } from '../migration/context.js'
import { handoverTo } from '../migration/direction.js'
import { NOTHING_SPECIAL } from '../migration/draft.js'
import { foresee } from '../migration/foresee.js'
import type { Draft } from '../migration/draft.js'
import { streamFrom } from '../migration/streams/stream.js'
import { openId } from '../migration/fence-record.js'
import type { Stage } from '../spec/spec.js'
import { sideToReopen } from './current-stage.js'
import { closeAgain } from './handover/close-again.js'
import { checksLeft } from './handover/constraints.js'
import { hooksLeft } from './handover/hooks-left.js'
import { planHandover } from './handover/plan-handover.js'
import { feedsOther, mendServing, reopenServing, settleServing } from './handover/reopen.js'
import { refuseWithoutSource } from './gone.js'
import { forgetState } from './removal/forget-state.js'
import { planLeftovers } from './removal/leftovers.js'
import { planRemoval } from './removal/plan-removal.js'
import { afterRestart, planRestart } from './restart/plan-restart.js'
import { afterResync, afterSchema, planResync } from './resync/plan-resync.js'
import { refuseResync } from './resync/refuse-resync.js'
import { tablesToResync } from './resync/pending.js'
import { mayHaveServed, refuseRestart } from './restart/refuse-restart.js'
import { refuseOrder } from './stage-order.js'
import { checkMadeAgain } from './streams/made-again.js'
import { planBuild } from './rules/build.js'
import { planCopyRoles } from './rules/copy-roles.js'
import { planDatabase } from './rules/database.js'
import { planFenceTarget } from './rules/fence-target.js'
import { grantReadId, planGrantRead } from './rules/grant-read.js'
import { planRecords } from './rules/records.js'
import { planRolePassword } from './rules/role-password.js'
import { planRedial } from './rules/redial.js'
import { planReplicationRole } from './rules/replication-role.js'
import { planSchema } from './rules/schema.js'
import { planWorkerSettings } from './rules/worker-settings.js'

interface Journey {
  readonly drafts: readonly Draft[]
  readonly refusals: readonly Diagnostic[]
  /** What the drafts but for a restart were made from: both databases as they will be after it. */
  readonly foreseen: MigrationContext
  /** One side is opened again and nothing else: nothing that preflight could find is worse than two closed sides. */
  readonly reopensOnly?: true
}

/** The rules that lead from one stage to the next, each named after what is true when it is done. */
export function draftsFor(context: MigrationContext, engine: Engine, from: Stage): Journey {
  const gone = refuseWithoutSource(context, from)
  if (gone) return { drafts: [], refusals: [gone], foreseen: context }
  const half = sideToReopen(context)
  // Begun and left, perhaps by another plan: nothing comes before opening one side, whatever the state still knows.
  if (half !== undefined && reopensFirst(context, half)) {
    return { drafts: [reopenServing(context, engine, half)], refusals: [], foreseen: context, reopensOnly: true }
  }
  const refusal = refuseOrder(context, from)
  if (refusal) return { drafts: [], refusals: [refusal], foreseen: context }
  return { drafts: draftsTo(context, engine, from), refusals: [], foreseen: context }
}

/** The copy taken away and made again, in one plan. */
export function restartDrafts(context: MigrationContext, engine: Engine, from: Stage): Journey {
  const gone = refuseWithoutSource(context, from)
  const refusals = gone === undefined ? refuseRestart(context, from) : [gone]
  if (refusals.length > 0) return { drafts: [], refusals, foreseen: context }
  const restart = planRestart(context, engine)
  const foreseen = foresee(context, restart.actions)
  return { drafts: [restart, ...draftsTo(foreseen, engine, from).map(afterRestart)], refusals: [], foreseen }
}

/**
 * Some tables of the target copied anew: those that are asked for, and those that an earlier run has left half-way.
 * undefined: none.
 */
export function resyncDrafts(
  context: MigrationContext,
  engine: Engine,
  from: Stage,
  asked: readonly QualifiedName[],
): Journey | undefined {
  const uncarried = mayTakeUp(context, from) ? engine.resync.uncarried(context) : []
  const tables = tablesToResync(context, asked, uncarried)
  if (tables.length === 0 || context.inspection.gone !== undefined) return undefined
  // Who calls the migration off needs no copy any more.
  if (asked.length === 0 && context.spec.stage === 'absent') return undefined
  const obstacles = engine.resync.obstacles(context, tables)
  // The subscription is mended by a plan too, and by that alone.
  if (asked.length === 0 && obstacles.length > 0) return undefined
  const refusals = refuseResync(context, engine, from, tables)
  if (refusals.length > 0) return { drafts: [], refusals, foreseen: context }
  const resync = planResync(context, engine.resync, tables)
  const foreseen = foresee(context, resync.actions)
  const taken = new Set(resync.actions.map((a) => a.id))
  // A worker is started anew before a copy begins and never within it.
  const others = draftsTo(foreseen, engine, from)
    .map((draft) => ({ ...draft, actions: draft.actions.filter((a) => !taken.has(a.id)) }))
    .map(afterResync(resync))
  // In what is foreseen they are copied, so what the plan mends would not be said.
  const stream = streamFrom(context, 'source')
  const diagnostics = stream === undefined ? [] : checkMadeAgain(context, stream)
  return { drafts: [{ ...afterSchema(resync, others), diagnostics }, ...others], refusals: [], foreseen }
}

/** Nothing that may be somebody's own is taken up without being asked for. */
function mayTakeUp(context: MigrationContext, from: Stage): boolean {
  return context.spec.stage === 'replicating' && mayHaveServed(context, from).length === 0
}

/** Called off, everything is opened anyway; `prepared` and `replicating` are asked of a source that serves. */
function reopensFirst({ spec }: MigrationContext, half: Side): boolean {
  switch (spec.stage) {
    case 'absent':
      return false
    case 'prepared':
    case 'replicating':
      return half === 'source'
    case 'cutover':
    case 'rolled-back':
    case 'finalized':
      return true
  }
}

function draftsTo(context: MigrationContext, engine: Engine, from: Stage): readonly Draft[] {
  const { names, spec } = context
  switch (spec.stage) {
    case 'absent':
      return [
        from === 'finalized' ? { actions: forgetState(context, []) } : planRemoval(context, engine, 'absent'),
        planLeftovers(context),
      ]
    case 'prepared':
      return [...prepare(context), planLeftovers(context)]
    case 'replicating': {
      const prepared = prepare(context)
      return [
        ...(feedsOther(context, 'source') ? [settleServing(context, engine, 'source')] : []),
        ...prepared,
        ...replicate(context, engine, prepared),
        planRedial(context, engine),
        forgetRollback(context, from),
        planLeftovers(context),
      ]
    }
    case 'cutover':
    case 'rolled-back': {
      const handover = handoverTo(spec.stage === 'cutover' ? 'target' : 'source', names)
      // Already there: only what may be left to do after the other side was opened, or was undone by hand.
      if (from === spec.stage) {
        const own = [
          { actions: [closeAgain(context, handover.from)] },
          settleServing(context, engine, handover.to),
          { actions: checksLeft(context, handover.to) },
          planRolePassword(context),
          planRedial(context, engine),
        ]
        return [...own, { actions: hooksLeft(context, handover, lastBefore(own)) }]
      }
      const mend = mendServing(context, engine, handover.from)
      return [mend.actions.length > 0 ? mend : planHandover(context, engine, handover)]
    }
    case 'finalized':
      return from === 'finalized' ? [] : [planRemoval(context, engine, 'finalized')]
  }
}

export function prepare(context: MigrationContext): readonly Draft[] {
  return [
    planRecords(context),
    planReplicationRole(context),
    planRolePassword(context),
    planGrantRead(context, 'source'),
    planFenceTarget(context),
    planCopyRoles(context),
    planDatabase(context),
    planWorkerSettings(context, 'target'),
    planSchema(context),
  ]
}

function replicate(context: MigrationContext, engine: Engine, prepared: readonly Draft[]): readonly Draft[] {
  const lastOfSchema = prepared.at(-1)?.actions.at(-1)?.id
  const ready = [grantReadId('source'), ...(lastOfSchema === undefined ? lastBefore(prepared) : [lastOfSchema])]
  const replication = engine.replicate(context, ready)
  const build = planBuild(context, engine.copied)
  const settle = engine.settle(context, [engine.copied, ...build.actions.map((a) => a.id)])
  return [replication, build, { actions: settle }]
}

/** With no object to make, replication waits for whatever else `prepared` still needs. */
function lastBefore(prepared: readonly Draft[]): Draft['actions'][number]['id'][] {
  return prepared.flatMap((draft) => draft.actions.map((a) => a.id))
}

/** After a rollback replication runs forward again; only the note that it was one is taken away. */
function forgetRollback(context: MigrationContext, from: Stage): Draft {
  if (from !== 'rolled-back') return { actions: [] }
  const { lineage } = context.names
  const id = openId('source')
  const action: Action = {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('forget', 'rollback'),
    side: 'target',
    phase: 'verify',
    operation: 'change',
    title: 'the rollback is over: the source serves and feeds the target',
    sql: [`delete from belt.record where lineage = ${quoteLiteral(lineage)} and action = ${quoteLiteral(id)}`],
    wants: [{ is: 'record', lineage, action: id, there: false }],
  }
  return { actions: [action] }
}
