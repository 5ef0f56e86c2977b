import { type Adoption, judgeAdoption } from '../../adopt/judge-adoption.js'
import { type SidesInput, withBothSides } from '../../inspect/both-sides.js'
import { inspectBoth } from '../../inspect/inspect-both.js'
import { checkLineage } from '../../state/state-error.js'
import type { CliContext } from '../context.js'
import { stateStoreOf } from '../state-store.js'
import { withStep } from '../step.js'

/** Reads both databases and the state, and judges what runs there; changes nothing. */
export async function lookAtAdoption(sides: SidesInput, full: boolean, context: CliContext): Promise<Adoption> {
  const { spec } = sides
  const signal = context.interrupts.cancel
  const store = stateStoreOf(sides, context)
  const state = await store.read()
  const inspection = await withStep(context, `reading both databases of ${spec.name}`, () =>
    withBothSides(sides, signal, (both) => inspectBoth(both, signal)),
  )
  const adoption = judgeAdoption({ spec, inspection, state, full, now: new Date().toISOString() })
  checkLineage(state, adoption.context.names.lineage, store.location)
  return adoption
}
