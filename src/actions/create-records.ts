import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Schema `belt`: the records of what belt changed on this server, and the marker table of the migration. */
export interface CreateRecords extends ActionBase<'create-records'> {
  readonly markerTable: string
}

export const probeCreateRecords: Probe<CreateRecords> = (action, context) => {
  const { beltTables } = context[action.side]
  return beltTables.includes('record') && beltTables.includes(action.markerTable) ? 'done' : 'absent'
}
