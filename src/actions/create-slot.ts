import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/**
 * A logical replication slot, made from a belt session because it waits for every write transaction and every
 * prepared transaction of the whole cluster (rule 8): there the wait is bounded and its blockers are named.
 */
export interface CreateSlot extends ActionBase<'create-slot'> {
  readonly slot: string
  readonly plugin: string
}

export const probeCreateSlot: Probe<CreateSlot> = (action, context) => {
  const slot = context[action.side].slotByName(action.slot)
  if (!slot) return 'absent'
  return slot.walStatus === 'lost' ? 'broken' : 'done'
}
