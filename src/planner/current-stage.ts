import type { MigrationContext } from '../migration/context.js'
import { isOpenByRecords, isOpened, openId } from '../migration/fence-record.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { Stage } from '../spec/spec.js'

/**
 * The stage both databases are in, from what stands in them: belt's records, the fences, the subscriptions.
 * The state only adds what leaves no trace there: that a verify has passed, and that all traces were removed.
 * While a handover is under way it is the stage it began from, and from its point of no return on the one it leads to.
 */
export function currentStage(context: MigrationContext): Stage {
  const { source, target, names, state } = context
  const { mayOpen } = marks(context)
  if (mayOpen('source')) return 'rolled-back'
  if (mayOpen('target')) return 'cutover'
  const subscription = target.subscriptionByName(names.forward.subscription)
  if (subscription) {
    const settled = state?.stage === 'replicating' && subscription.tables.every((t) => t.state === 'ready')
    return settled ? 'replicating' : 'prepared'
  }
  if (source.publicationByName(names.forward.publication)) return 'prepared'
  if (state?.stage === 'finalized') return 'finalized'
  // Only a removal takes away that the target was opened; when it was cut short it goes on.
  if (state?.stage === 'cutover') return leavesTrace(context) ? 'cutover' : 'finalized'
  return target.beltTables.includes(names.markerTable) && state?.stage === 'prepared' ? 'prepared' : 'absent'
}

/** The side whose changes flow to the other: the one that serves. */
export function servingSide(context: MigrationContext): Side {
  const { mayOpen } = marks(context)
  return mayOpen('target') && !mayOpen('source') ? 'target' : 'source'
}

/**
 * Both sides are closed: a handover was begun and neither finished nor taken back. Gives the side that has to be opened
 * when it is not finished: the one that served, or past the point of no return the one that was to serve.
 */
export function sideToReopen(context: MigrationContext): Side | undefined {
  const { closed } = marks(context)
  return closed('source') && closed('target') ? servingSide(context) : undefined
}

function leavesTrace({ source, target, names }: MigrationContext): boolean {
  return [source, target].some(
    (side) =>
      (side.records ?? []).some((r) => r.lineage === names.lineage) || side.beltTables.includes(names.markerTable),
  )
}

function marks(context: MigrationContext): {
  readonly closed: (side: Side) => boolean
  readonly mayOpen: (side: Side) => boolean
} {
  const { lineage, markerTable } = context.names
  const closed = (side: Side): boolean =>
    !isOpenByRecords(side, (action) => context[side].recordOf(lineage, action) !== undefined)
  return {
    // Without belt's tables it is none of belt's databases, or not any more.
    closed: (side) => closed(side) && (side === 'source' || context.target.beltTables.includes(markerTable)),
    // Its own word counts where the other server died before it had noted that it would be opened.
    mayOpen: (side) =>
      context[otherSide(side)].recordOf(lineage, openId(side)) !== undefined || isOpened(context[side], lineage),
  }
}
