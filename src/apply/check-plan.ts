import type { Action } from '../actions/action.js'
import type { ActionId, ProbeResult } from '../actions/base.js'
import { factsOf } from '../catalog/facts.js'
import type { Inspection } from '../catalog/inspection.js'
import { hasErrors } from '../core/diagnostic.js'
import { RefusedError } from '../core/error.js'
import { migrationContext } from '../migration/context.js'
import { foresee, probeForeseen } from '../migration/foresee.js'
import type { MigrationContext } from '../migration/context.js'
import { checkIdentity } from '../plan/identity.js'
import { hooksDone, staleHooks } from './hooks-of-plan.js'
import type { SavedPlan } from '../plan/plan-file.js'
import type { Plan } from '../plan/plan.js'
import { demandWholeHandover } from '../plan/whole-handover.js'
import { StalePlanError, staleFacts } from '../plan/staleness.js'
import type { Spec } from '../spec/spec.js'
import type { State } from '../state/state.js'

/** What is left to do of a plan. */
export interface Pending {
  /** In the plan's order, with what their probes found: `absent` or `broken`. */
  readonly actions: readonly { readonly action: Action; readonly found: ProbeResult }[]
  readonly done: readonly Action[]
  /** Actions that an earlier run of this very plan began or finished. */
  readonly begun: ReadonlySet<ActionId>
  /** Those among them that a run was killed in. */
  readonly cutShort: ReadonlySet<ActionId>
}

/** Refuses a plan that cannot be carried out at all: made with errors, or for other databases, or another migration. */
export function checkPlan(plan: Plan, spec: Spec, inspection: Inspection): void {
  if (hasErrors(plan.diagnostics)) {
    const errors = plan.diagnostics.filter((d) => d.severity === 'error').map((d) => `  ${d.message}`)
    throw new RefusedError(
      'plan-has-errors',
      ['the plan names problems that must be mended first:', ...errors].join('\n'),
      {
        hint: 'Mend them and make a new plan.',
      },
    )
  }
  demandWholeHandover(plan)
  checkIdentity(plan, inspection)
  const { names } = migrationContext(spec, inspection, undefined)
  if (names.lineage === plan.lineage) return
  throw new RefusedError(
    'wrong-migration',
    `the plan is for migration ${plan.name} (${plan.lineage}), the spec for ${spec.name} (${names.lineage})`,
    {
      hint: 'Apply it with the spec it was made from.',
    },
  )
}

/** Probes every action against the databases as they are now, and refuses the plan when what it rests on has changed. */
export function pendingOf(saved: SavedPlan, context: MigrationContext, state: State): Pending {
  const { plan, digest } = saved
  const begun = new Set(plan.actions.filter((a) => state.actions[a.id]?.plan === digest).map((a) => a.id))
  const cutShort = new Set([...begun].filter((id) => state.actions[id]?.status === 'running'))
  const hooks = hooksDone(saved, state)
  const foreseen = foresee(context, plan.actions)
  const probe = (action: Action): ProbeResult =>
    hooks.has(action.id) ? 'done' : probeForeseen(action, context, foreseen)
  const probed = plan.actions.map((action) => ({ action, found: probe(action) }))
  const actions = probed.filter(({ found }) => found !== 'done')
  const facts = new Map([...factsOf(context.source), ...factsOf(context.target)])
  // Done without belt: somebody made it by hand since, and whether it is what was reviewed cannot be told from its name.
  const checked = new Set(
    probed.filter(({ action, found }) => found !== 'done' || !begun.has(action.id)).map(({ action }) => action.id),
  )
  const withHooks = [...actions.map((p) => p.action), ...(plan.ifGivenUp ?? [])]
  const stale = [...staleFacts({ plan, pending: checked, begun, facts }), ...staleHooks(withHooks, context.spec)]
  if (stale.length > 0) throw new StalePlanError(stale)
  const { gone } = context.spec
  const impossible = actions.find((p) => p.action.side === gone)
  if (impossible !== undefined) {
    throw new RefusedError(
      'server-gone',
      `the plan has work on the ${impossible.action.side} (${impossible.action.id}), and the spec says that it is gone for good`,
      { hint: 'Make a new plan: belt plan' },
    )
  }
  const done = probed.filter(({ found }) => found === 'done').map(({ action }) => action)
  return { actions, done, begun, cutShort }
}
