import { actionId } from '../../actions/base.js'
import type { ActionId } from '../../actions/base.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { recordTables } from '../../migration/record-sql.js'
import { CREATE_STATE_TABLES } from '../../state/state-tables.js'

export function recordsId(side: Side): ActionId {
  return actionId('records', side)
}

/** Schema `belt` on both sides, before anything is changed that must be remembered. */
export function planRecords(context: MigrationContext): Draft {
  const { names, spec } = context
  const keepsState = (side: Side): boolean => side === 'target' && spec.state.backend === 'postgres'
  return {
    actions: SIDES.map((side) => ({
      ...NOTHING_SPECIAL,
      kind: 'create-records',
      id: recordsId(side),
      side,
      phase: 'access',
      operation: 'create',
      title: `schema belt (records and marker table ${names.markerTable}${keepsState(side) ? ', state' : ''})`,
      note: 'Holds what belt changes here and what stood there before; left out of scope and of every dump.',
      sql: [...recordTables(names.markerTable), ...(keepsState(side) ? CREATE_STATE_TABLES.slice(1) : [])],
      markerTable: names.markerTable,
      undo: 'Removed at stage absent or finalized.',
    })),
  }
}
