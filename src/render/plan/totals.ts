import type { Operation } from '../../actions/base.js'
import type { Plan } from '../../plan/plan.js'
import { count } from '../text/quantity.js'

export type Totals = Readonly<Record<Operation, number>>

export function totalsOf(plan: Pick<Plan, 'actions'>): Totals {
  const totals: Record<Operation, number> = { create: 0, change: 0, drop: 0, run: 0, gate: 0, repair: 0 }
  for (const action of plan.actions) totals[action.operation] += 1
  return totals
}

/** `12 to create, 3 to change, 0 to drop, 4 to run, 2 gates`; repairs only when there are any. */
export function totalsText(totals: Totals): string {
  const { create, change, drop, run, gate, repair } = totals
  return [
    `${count(create, 'to create', 'to create')}, ${count(change, 'to change', 'to change')}`,
    `${count(drop, 'to drop', 'to drop')}, ${count(run, 'to run', 'to run')}, ${count(gate, 'gate')}`,
    ...(repair === 0 ? [] : [count(repair, 'to repair', 'to repair')]),
  ].join(', ')
}
