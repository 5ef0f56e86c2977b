import type { Plan } from '../../plan/plan.js'

/** Of a plan without actions whose stage the state does not know yet. */
export function unrecordedText({ to }: Pick<Plan, 'to'>): string {
  return `Nothing is left to do for stage ${to}; belt apply looks once more and records that it is reached.`
}
