import type { Action } from '../../actions/action.js'
import { PHASES } from '../../actions/base.js'
import type { Plan } from '../../plan/plan.js'
import { PHASE_TITLES } from './words.js'

export interface PlanSection {
  readonly title: string
  readonly actions: readonly Action[]
}

/** The actions under the headings a reader sees, and last what runs only when a handover is given up. */
export function planSections(plan: Plan): readonly PlanSection[] {
  const phases = PHASES.map((phase) => ({
    title: PHASE_TITLES[phase],
    actions: plan.actions.filter((a) => a.phase === phase),
  }))
  const givenUp = { title: 'Only if the handover is given up', actions: plan.ifGivenUp ?? [] }
  return [...phases, givenUp].filter(({ actions }) => actions.length > 0)
}
