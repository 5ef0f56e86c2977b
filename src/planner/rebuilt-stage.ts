import { probeAction } from '../actions/action.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { SIDES } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import type { Stage } from '../spec/spec.js'
import { currentStage } from './current-stage.js'
import { prepare } from './journey.js'

/** As `currentStage`; without a state, `prepared` is where nothing of it is missing any more. */
export function stageAsFound(context: MigrationContext): Stage {
  const stage = currentStage(context)
  if (stage !== 'absent' || context.state !== undefined || !leftTraces(context)) return stage
  const actions = prepare(context).flatMap((draft) => draft.actions)
  return actions.every((action) => probeAction(action, context) === 'done') ? 'prepared' : stage
}

/** A migration that is under way and has no state: what the servers remember is enough to go on from. */
export function checkRebuilt(context: MigrationContext, stage: Stage): readonly Diagnostic[] {
  if (context.state !== undefined || !leftTraces(context)) return []
  const { target, names, spec } = context
  const streams = stage === 'prepared' && target.subscriptionByName(names.forward.subscription) !== undefined
  const onTarget = (target.beltStates ?? []).includes(names.lineage)
  const where = spec.state.backend === 'postgres' ? 'in table belt.state of the target' : 'at state.path'
  const message = `there is no state of this migration ${where}, so what it would say is taken from the tables belt.record and the catalogs of both databases: they are at stage ${stage}`
  const again = streams
    ? ', and changes stream; statistics, lag and the comparison of rows are proven again on the way to replicating'
    : ''
  return [
    {
      severity: 'info',
      code: 'state-rebuilt',
      message: `${message}${again}. What only the state knew is lost: results of belt verify, pauses, which hooks had run, and the pairs of texts that tell drift`,
      fix: onTarget
        ? 'There is one in table belt.state of the target: before you apply, belt state pull brings it here, or set state: { backend: postgres }.'
        : 'If there is one elsewhere, bring it here before you apply: belt state path, belt state push or pull.',
    },
  ]
}

/** Whether either database holds something of this migration. */
export function leftTraces({ names, ...context }: MigrationContext): boolean {
  return SIDES.some((side) => {
    const catalog = context[side]
    return (
      catalog.beltTables.includes(names.markerTable) || (catalog.records ?? []).some((r) => r.lineage === names.lineage)
    )
  })
}
