import type { Action } from '../actions/action.js'
import { factOf, factsOf } from '../catalog/facts.js'
import { counted } from '../core/counted.js'
import { hasErrors, sortDiagnostics } from '../core/diagnostic.js'
import { engineFor } from '../engines/engine-of.js'
import { migrationContext } from '../migration/context.js'
import type { MigrationContext } from '../migration/context.js'
import type { Draft } from '../migration/draft.js'
import { probeForeseen } from '../migration/foresee.js'
import { serverIdentity } from '../migration/server-identity.js'
import { PLAN_FORMAT } from '../plan/plan.js'
import type { Plan } from '../plan/plan.js'
import { demandWholeHandover } from '../plan/whole-handover.js'
import { leftOnSource, onTargetAlone } from './gone.js'
import { selectOnly } from './only/select-only.js'
import { checkRebuilt, stageAsFound } from './rebuilt-stage.js'
import { inExecutionOrder, withoutDone } from './order.js'
import type { PlanInput } from './plan-input.js'
import { draftsFor, restartDrafts, resyncDrafts } from './journey.js'
import { approvalsOf } from './approvals.js'
import { preflight } from './preflight/preflight.js'
import { rightNow } from './preflight/right-now.js'

/**
 * The plan that brings both databases to the stage the spec asks for. Pure: the same spec, inspection and state give
 * the same plan but for `volatile`. With errors among the diagnostics there are no actions: nothing half-checked runs.
 */
export function planMigration(input: PlanInput): Plan {
  const context = migrationContext(input.spec, input.inspection, input.state)
  const { spec, names } = context
  const from = stageAsFound(context)
  const engine = engineFor(context)
  const {
    drafts: all,
    refusals,
    foreseen,
    reopensOnly,
  } = input.restart === true
    ? restartDrafts(context, engine, from)
    : (resyncDrafts(context, engine, from, input.resync ?? []) ?? draftsFor(context, engine, from))
  const drafts = all.map((d) => onTargetAlone(context, d))
  const findings = [
    ...refusals,
    ...checkRebuilt(context, from),
    ...(reopensOnly === true ? [] : preflight(foreseen, engine)),
    ...drafts.flatMap((d) => d.diagnostics ?? []),
  ]
  const everything = hasErrors(findings)
    ? []
    : inExecutionOrder(
        withoutDone(
          drafts.flatMap((d) => d.actions),
          (action) => probeForeseen(action, context, foreseen),
        ),
      )
  demandWholeHandover({ actions: everything })
  const actions = hasErrors(findings) ? [] : chosen(input, drafts, everything)
  const left = leftOnSource(context, actions)
  const volatile = volatilePart(input, drafts, actions, context)
  const { approvals, lapsed } = approvalsOf(spec, actions, volatile.estimates)
  return {
    format: PLAN_FORMAT,
    name: spec.name,
    lineage: names.lineage,
    engine: spec.engine,
    from,
    to: spec.stage,
    specDigest: spec.digest,
    source: serverIdentity(context, 'source'),
    target: serverIdentity(context, 'target'),
    actions,
    ...givenUpOf(drafts, actions),
    facts: factValues(actions, context),
    ...onlyPart(input, drafts, everything.length - actions.length),
    ...(approvals.length === 0 ? {} : { approvals }),
    diagnostics: sortDiagnostics([...findings, ...left, ...lapsed]),
    volatile,
  }
}

/** All that is left to do, or of that only what was asked for. */
function chosen({ only, spec }: PlanInput, drafts: readonly Draft[], left: readonly Action[]): readonly Action[] {
  if (only === undefined) return left
  return selectOnly({ words: only, stage: spec.stage, all: drafts.flatMap((d) => d.actions), left })
}

function onlyPart(
  { only, spec }: PlanInput,
  drafts: readonly Draft[],
  others: number,
): Pick<Plan, 'only' | 'deferred'> {
  if (only === undefined) return { deferred: drafts.flatMap((d) => d.deferred ?? []) }
  const why = `this plan was made with ${only.map((word) => `--only ${word}`).join(' ')}`
  const deferred = others === 0 ? [] : [{ what: counted(others, 'other action'), until: spec.stage, why }]
  return { only, deferred }
}

function factValues(
  actions: readonly Action[],
  { source, target }: MigrationContext,
): Readonly<Record<string, string>> {
  const facts = new Map([...factsOf(source), ...factsOf(target)])
  const keys = [...new Set(actions.flatMap((a) => a.reads))].sort()
  return Object.fromEntries(keys.map((key) => [key, factOf(facts, key)]))
}

function volatilePart(
  input: PlanInput,
  drafts: readonly Draft[],
  actions: readonly Action[],
  context: MigrationContext,
): Plan['volatile'] {
  const ids = new Set<string>(actions.map((a) => a.id))
  const all = drafts.flatMap((d) => Object.entries(d.estimates ?? {}))
  const estimates = Object.fromEntries(all.filter(([id]) => ids.has(id)))
  const copies = Object.entries(estimates).filter(([id]) => actions.some((a) => a.id === id && a.kind === 'await-copy'))
  const total = (field: 'rows' | 'bytes'): number => copies.reduce((sum, [, e]) => sum + (e[field] ?? 0), 0)
  const activity = actions.length > 0 ? rightNow(context, actions) : []
  return { createdAt: input.now, estimates, activity, copyRows: total('rows'), copyBytes: total('bytes') }
}

function givenUpOf(drafts: readonly Draft[], actions: readonly Action[]): Pick<Plan, 'ifGivenUp'> {
  // A part of a handover that closes nothing, as `--only verify`, gives nothing up.
  const closes = actions.some((a) => a.phase === 'pause')
  const hooks = closes ? drafts.flatMap((d) => d.ifGivenUp ?? []) : []
  return hooks.length === 0 ? {} : { ifGivenUp: hooks }
}
