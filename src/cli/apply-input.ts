import type { ApplyEvent } from '../apply/apply-event.js'
import type { ApplyInput } from '../apply/apply-input.js'
import type { SidesInput } from '../inspect/both-sides.js'
import { settingsOfSides } from '../inspect/both-sides.js'
import type { SavedPlan } from '../plan/plan-file.js'
import { planMigration } from '../planner/plan-migration.js'
import type { CliContext } from './context.js'
import { hookEnvironment } from './hook-environment.js'
import { inspectSides } from './inspect-sides.js'
import { faultFrom } from './fault.js'
import { stateStoreOf } from './state-store.js'

/** Everything an apply needs, from the plan and the spec. */
export function applyInputOf(
  saved: SavedPlan,
  sides: SidesInput,
  context: CliContext,
  /** The spec's. */
  folder: string,
  emit: (event: ApplyEvent) => void,
): ApplyInput {
  const { spec, secrets, resolveSecret, runId } = sides
  const store = stateStoreOf(sides, context)
  const onBoundary = faultFrom(context.env['BELT_FAULT'], context.die)
  return {
    spec,
    saved,
    store,
    run: runId,
    connections: settingsOfSides(sides),
    secrets,
    resolveSecret,
    inspect: async (signal) => inspectSides(sides, spec.gone === undefined ? undefined : await store.read(), signal),
    replan: (inspection, state) => planMigration({ spec, inspection, state, now: new Date().toISOString() }),
    emit,
    stop: context.interrupts.stop,
    hooks: { folder, env: hookEnvironment(context.env, spec) },
    ...(onBoundary === undefined ? {} : { onBoundary }),
  }
}
