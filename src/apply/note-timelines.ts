import { SIDES } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { noReturnMark } from '../migration/direction.js'
import { serverIdentity } from '../migration/server-identity.js'
import { restsOnTimeline, timelineChanged } from '../migration/timelines.js'
import type { OpenState } from '../state/state-store.js'

/** That a handover passed its point of no return stays true on every timeline. */
const LASTING: ReadonlySet<string> = new Set(SIDES.map(noReturnMark))

/**
 * A server that was promoted or restored since the last run is known by its new timeline from here on, and what was
 * proven on the old one is forgotten first: it is proven again, once, and then counts.
 */
export async function noteTimelines(
  state: Pick<OpenState, 'current' | 'append'>,
  context: MigrationContext,
): Promise<void> {
  const known = state.current()
  const moved = SIDES.filter((side) => timelineChanged(known, context, side))
  if (moved.length === 0) return
  const marks = Object.keys(known.marks).filter((mark) => restsOnTimeline(mark) && !LASTING.has(mark))
  if (marks.length > 0) await state.append({ kind: 'marks-dropped', marks })
  for (const side of moved)
    await state.append({ kind: 'server-identified', side, server: serverIdentity(context, side) })
}
