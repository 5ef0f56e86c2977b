import type { Inspection } from '../catalog/inspection.js'
import { RefusedError } from '../core/error.js'
import { SIDES } from '../core/side.js'
import type { Plan } from './plan.js'

/** Refuses a plan on any other cluster or database than the two it was made for: RefusedError `wrong-server`. */
export function checkIdentity(
  plan: Pick<Plan, 'source' | 'target'>,
  inspection: Pick<Inspection, 'source' | 'target'>,
): void {
  for (const side of SIDES) {
    const planned = plan[side]
    const { server, database } = inspection[side]
    const differences = [
      ...(planned.systemIdentifier === server.systemIdentifier
        ? []
        : [`cluster ${server.systemIdentifier} instead of ${planned.systemIdentifier}`]),
      ...(planned.database === database.name ? [] : [`database ${database.name} instead of ${planned.database}`]),
    ]
    if (differences.length === 0) continue
    throw new RefusedError(
      'wrong-server',
      `the plan was made for another ${side}: this is ${differences.join(' and ')}`,
      {
        hint: `Check ${side}.host, ${side}.port and ${side}.database of the spec; or make a plan for this ${side}.`,
      },
    )
  }
}
