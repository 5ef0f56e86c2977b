import type { Inspection } from '../catalog/inspection.js'
import { HANDOVER_MARK } from '../migration/direction.js'
import { migrationContext } from '../migration/context.js'
import type { OpenState } from '../state/state-store.js'
import { interrupted } from './action-failed.js'
import type { ApplyCounts, ApplyHappening } from './apply-event.js'
import type { ApplyInput, ApplyResult } from './apply-input.js'
import type { Pending } from './check-plan.js'
import { recordPairs } from './pairs.js'

export interface Finishing {
  readonly state: OpenState
  readonly pending: Pending
  readonly counts: ApplyCounts
  readonly signal: AbortSignal
  readonly emit: (happening: ApplyHappening) => void
}

/**
 * Looks at both databases once more. What stands on both sides is recorded as a pair, and the stage as reached if a new
 * plan would be empty; otherwise what it would hold is told, for then something has changed meanwhile.
 */
export async function finishApply(input: ApplyInput, finishing: Finishing): Promise<ApplyResult> {
  const { state, counts, signal, emit, pending } = finishing
  emit({ type: 'inspecting', why: 'after' })
  const inspection: Inspection = await input.inspect(AbortSignal.any([signal, input.stop])).catch((error: unknown) => {
    throw input.stop.aborted && !signal.aborted ? interrupted() : error
  })
  const { plan } = input.saved
  const ran = new Set([...pending.begun, ...pending.actions.map((p) => p.action.id)])
  const carriedOut = plan.actions.filter((a) => ran.has(a.id))
  const before = state.current()
  // Called off, the target is its owner's again: what differs there from now on is no drift.
  const pairs =
    plan.to === 'absent' || inspection.gone !== undefined
      ? {}
      : recordPairs(migrationContext(input.spec, inspection, before), before.pairs, carriedOut)
  await state.append({ kind: 'pairs-recorded', pairs })
  const left = input.replan(inspection, state.current())
  const stage = left.actions.length === 0 && left.diagnostics.every((d) => d.severity !== 'error') ? plan.to : undefined
  if (stage !== undefined) {
    await state.append({ kind: 'stage-reached', stage })
    // At `absent` everything is forgotten that a later copy of the same tables could be taken for.
    const over = Object.keys(state.current().marks).filter(
      (m) => stage === 'absent' || m.startsWith(`${HANDOVER_MARK} `),
    )
    if (over.length > 0) await state.append({ kind: 'marks-dropped', marks: over })
  }
  emit({ type: 'finished', counts, stage, left: left.actions.map((a) => a.title) })
  // Only actions that are done lead here; what else the stage asks for is another plan's.
  const selected = plan.only !== undefined && stage === undefined
  return { counts, stage, left, ...(selected ? { selected } : {}) }
}
