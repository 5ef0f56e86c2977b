import type { Inspection } from '../catalog/inspection.js'
import { RefusedError } from '../core/error.js'
import { type SidesInput, withBothSides } from '../inspect/both-sides.js'
import { inspectBoth, inspectTarget } from '../inspect/inspect-both.js'
import { withoutSource } from '../migration/gone-source.js'
import type { State } from '../state/state.js'

/** Both databases as they are now; of a source that is gone for good what the state and the target know. */
export async function inspectSides(
  sides: SidesInput,
  state: State | undefined,
  signal: AbortSignal,
): Promise<Inspection> {
  return withBothSides(sides, signal, async (both) => {
    if (sides.spec.gone !== 'source') return inspectBoth(both, signal)
    const { target, login } = await inspectTarget(both, signal)
    return withoutSource(sides.spec, target, state, login) ?? unknownMigration()
  })
}

export function unknownMigration(): never {
  throw new RefusedError(
    'source-unknown',
    'neither a state nor a record on the target says which source this migration had',
    {
      hint: 'Bring the state here (state.path, belt state path). Without one and without records, nothing of belt’s is on the target under this name.',
    },
  )
}
