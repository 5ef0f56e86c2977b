import type { Action } from '../actions/action.js'
import { objectKey } from '../catalog/object-key.js'
import type { OpenState } from '../state/state-store.js'
import type { Pending } from './check-plan.js'

const ABOUT_ROWS = /^(?:verified|analyzed|verification) /

/** Of single tables. */
const RESYNC = 'resync'

/** The marks of the tables that are emptied. */
function tablesOf(actions: readonly Action[]): ReadonlySet<string> {
  const emptied = actions
    .flatMap((a) => (a.kind === 'ensure' ? a.wants : []))
    .flatMap((w) => (w.is === 'empty' ? w.tables : []))
  return new Set(
    emptied.flatMap((t) => ['verified', 'analyzed'].map((word) => `${word} ${objectKey('table', t.schema, t.name)}`)),
  )
}

/**
 * Before a restart takes the old copy away, what was proven of its rows is forgotten, durably: after a kill nothing
 * tells the proofs of the old copy from those of the new one. Forgetting too early only proves something again.
 */
export async function forgetOldCopy(state: OpenState, pending: Pending['actions']): Promise<void> {
  const taking = pending.flatMap(({ action }) => (action.phase === 'restart' ? [action] : []))
  if (taking.length === 0) return
  const { marks, stage } = state.current()
  const some = taking.every((a) => a.id.startsWith(RESYNC)) ? tablesOf(taking) : undefined
  const gone = Object.keys(marks).filter(
    (mark) => ABOUT_ROWS.test(mark) && (some === undefined || mark.startsWith('verification ') || some.has(mark)),
  )
  if (gone.length > 0) await state.append({ kind: 'marks-dropped', marks: gone })
  if (stage !== 'prepared') await state.append({ kind: 'stage-reached', stage: 'prepared' })
}
