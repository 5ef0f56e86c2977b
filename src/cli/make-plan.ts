import type { SidesInput } from '../inspect/both-sides.js'
import type { Inspection } from '../catalog/inspection.js'
import type { Plan } from '../plan/plan.js'
import type { PlanInput } from '../planner/plan-input.js'
import { planMigration } from '../planner/plan-migration.js'
import { checkLineage } from '../state/state-error.js'
import type { State } from '../state/state.js'
import type { CliContext } from './context.js'
import { inspectSides } from './inspect-sides.js'
import { stateStoreOf } from './state-store.js'
import { withStep } from './step.js'

/** Reads both databases and the state, and plans from them; changes nothing anywhere. */
export async function makePlan(
  sides: SidesInput,
  context: CliContext,
  ask: Pick<PlanInput, 'only' | 'restart' | 'resync'> = {},
): Promise<{ readonly plan: Plan; readonly inspection: Inspection; readonly state: State | undefined }> {
  const { spec } = sides
  const signal = context.interrupts.cancel
  const store = stateStoreOf(sides, context)
  const state = await store.read()
  const inspection = await withStep(context, `reading both databases of ${spec.name}`, () =>
    inspectSides(sides, state, signal),
  )
  const plan = planMigration({ spec, inspection, state, now: new Date().toISOString(), ...ask })
  checkLineage(state, plan.lineage, store.location)
  return { plan, inspection, state }
}
