import type { Action } from '../actions/action.js'
import type { ActionId } from '../actions/base.js'
import { ABSENT, factOf } from '../catalog/facts.js'
import type { FactKey, Facts } from '../catalog/facts.js'
import { RefusedError } from '../core/error.js'
import { factsWritten } from './facts-written.js'
import type { Plan } from './plan.js'

/** One thing a pending action was planned from that is no longer so. */
export interface StaleFact {
  readonly action: ActionId
  readonly fact: FactKey
  readonly change: 'appeared' | 'gone' | 'changed'
}

export interface StalenessInput {
  readonly plan: Pick<Plan, 'actions' | 'facts'>
  /** Actions whose work is still to be done: what is done already cannot be stale. */
  readonly pending: ReadonlySet<ActionId>
  /** Actions of this very plan that an earlier run began or finished: the facts they write were moved by belt. */
  readonly begun: ReadonlySet<ActionId>
  /** Facts of both sides as inspected just now. */
  readonly facts: Facts
}

/**
 * Which pending actions rest on something that has changed since the plan was made. Only facts that those actions read
 * count: an unrelated change stales nothing.
 */
export function staleFacts({ plan, pending, begun, facts }: StalenessInput): readonly StaleFact[] {
  const own = new Set(plan.actions.filter((a) => begun.has(a.id)).flatMap(factsWritten))
  return plan.actions.filter((a) => pending.has(a.id)).flatMap((action) => staleOf(action, plan, facts, own))
}

function staleOf(
  action: Action,
  plan: Pick<Plan, 'facts'>,
  facts: Facts,
  own: ReadonlySet<FactKey>,
): readonly StaleFact[] {
  return action.reads.flatMap((fact) => {
    const before = plan.facts[fact] ?? ABSENT
    const now = factOf(facts, fact)
    if (before === now || own.has(fact)) return []
    const change = before === ABSENT ? 'appeared' : now === ABSENT ? 'gone' : 'changed'
    return [{ action: action.id, fact, change }] as const
  })
}

const WORDS: Readonly<Record<StaleFact['change'], string>> = {
  appeared: 'was not there when the plan was made and is now',
  gone: 'was there when the plan was made and is gone',
  changed: 'has changed since the plan was made',
}

/** `source table public.orders has changed since the plan was made (publication.source)`, each fact once. */
export function describeStale(stale: readonly StaleFact[]): readonly string[] {
  const byFact = new Map<FactKey, StaleFact[]>()
  for (const item of stale) byFact.set(item.fact, [...(byFact.get(item.fact) ?? []), item])
  return [...byFact].map(([fact, items]) => {
    const actions = items.map((i) => i.action)
    const shown = actions.slice(0, 3).join(', ')
    const more = actions.length > 3 ? ` and ${actions.length - 3} more` : ''
    return `${fact} ${WORDS[items[0]?.change ?? 'changed']} (needed by ${shown}${more})`
  })
}

/** RefusedError `plan-stale` naming every fact and the actions it affects. */
export class StalePlanError extends RefusedError {
  readonly stale: readonly StaleFact[]

  constructor(stale: readonly StaleFact[]) {
    super(
      'plan-stale',
      ['the plan no longer fits the databases:', ...describeStale(stale).map((line) => `  ${line}`)].join('\n'),
      {
        hint: 'Nothing was changed. Make a new plan and review what differs: belt plan',
      },
    )
    this.stale = stale
  }
}
