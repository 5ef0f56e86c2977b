import { BeltError } from '../core/error.js'
import { otherSide, SIDES } from '../core/side.js'
import type { Plan } from './plan.js'

/**
 * A plan that closes one side, or passes the point of no return, opens the other one: what is found to be done and is
 * left out must never be that. Checked where a plan is made and where one is applied, whatever has written it.
 *
 * @throws BeltError `handover-incomplete`
 */
export function demandWholeHandover({ actions }: Pick<Plan, 'actions'>): void {
  const pause = new Set<string>(actions.filter((a) => a.phase === 'pause').map((a) => a.id))
  for (const to of SIDES) {
    const handover = [`fence.${otherSide(to)}`, `no-return.${to}`, `open.${to}`]
    const missing = handover.filter((id) => !pause.has(id))
    if (missing.length === 0 || missing.length === handover.length) continue
    throw new BeltError(
      'handover-incomplete',
      `the plan hands the applications over to the ${to} without ${missing.join(' and ')}`,
      { hint: 'Nothing was changed. Make a new plan; if it says the same, this is a bug in belt: report it.' },
    )
  }
}
