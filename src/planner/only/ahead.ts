import type { Action } from '../../actions/action.js'
import { actionId } from '../../actions/base.js'
import { quoteQualified } from '../../core/quote.js'

/**
 * An action of the write pause as it may be done on its own before the pause, on a target that no application can
 * enter; undefined when it means nothing outside.
 */
export function aheadOfPause(action: Action): Action | undefined {
  // Where they are set from is read when it runs, so that they wait for nothing.
  if (action.kind === 'set-sequences' && action.mode === 'ahead') return { ...action, after: [] }
  if (action.phase === 'after pause') return undefined
  if (action.phase !== 'pause') return action
  if (action.side !== 'target') return undefined
  if (action.kind === 'copy-rows') {
    const relation = quoteQualified(action.table.schema, action.table.name)
    return {
      ...action,
      id: actionId('rehearse', 'rows', relation),
      phase: 'before pause',
      title: `rows of ${relation}, ahead of the pause`,
      note: 'A rehearsal: its time is what the pause will need for this table. The copy inside the pause replaces these rows.',
      after: [],
      // Of no handover: the copy inside the pause is not spared by it.
      marks: [`rehearsed rows ${relation}`],
    }
  }
  // What a handover that is given up must take off again cannot stand while rows still stream.
  if (action.kind === 'create-object' && action.abort === undefined) {
    return {
      ...action,
      phase: 'before pause',
      note: 'The source checks every change against it already, so changes that stream pass. Old rows are not checked; a table that must be copied again has to lose it first.',
      after: [],
    }
  }
  return undefined
}
