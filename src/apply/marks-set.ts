import type { Action } from '../actions/action.js'
import { utcText } from '../inspect/sql-fragments.js'
import { fencedByMark, noReturnMark } from '../migration/direction.js'
import { fenceId, noReturnId } from '../migration/fence-record.js'
import { otherSide } from '../core/side.js'
import type { Evidence } from '../state/state.js'
import type { ExecuteContext } from './execute-context.js'

/**
 * The marks that the state gets when an action is done. The lag gate only asks for the marks of the verification that
 * follows it: setting them there would call rows verified that nobody has counted.
 */
export function marksSet(action: Action): readonly string[] {
  switch (action.kind) {
    case 'analyze-tables':
    case 'run-hook':
    case 'try-dial':
    case 'verify-rows':
      return action.marks
    case 'refresh-materialized-view':
      return (action.marks ?? []).filter((mark) => fencedByMark(mark) === undefined)
    default:
      return []
  }
}

/** A mark with the fence that it rests on. */
export interface HandoverProof {
  readonly mark: string
  readonly evidence: Evidence
}

/**
 * What is to be remembered of an action inside a pause, so that a run that is killed does not have to begin anew. It
 * names the fence by the moment at which it fell: under another fence it proves nothing.
 */
export async function handoverProofs(action: Action, context: ExecuteContext): Promise<readonly HandoverProof[]> {
  const marks = marksInPause(action)
  const fenced = marks[0] === undefined ? undefined : fencedByMark(marks[0])
  if (fenced === undefined) return []
  const [record] = await context.watch[fenced].query<{ at: string }>(
    `select ${utcText('r.at')} as at from belt.record as r where r.lineage = $1 and r.action = $2 order by r.at desc limit 1`,
    [context.input.saved.plan.lineage, fenceId(fenced)],
  )
  return record === undefined ? [] : marks.map((mark) => ({ mark, evidence: { fence: record.at } }))
}

function marksInPause(action: Action): readonly string[] {
  switch (action.kind) {
    case 'drain':
    case 'copy-rows':
      return action.marks
    case 'refresh-materialized-view':
      return (action.marks ?? []).filter((mark) => fencedByMark(mark) !== undefined)
    default: {
      const to = otherSide(action.side)
      return action.id === noReturnId(to) ? [noReturnMark(to)] : []
    }
  }
}
