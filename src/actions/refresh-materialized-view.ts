import type { ObjectKey } from '../catalog/object-key.js'
import type { ActionBase } from './base.js'
import type { Probe } from './probe-context.js'

/** Populates a materialized view from the rows that have arrived. */
export interface RefreshMaterializedView extends ActionBase<'refresh-materialized-view'> {
  readonly view: ObjectKey
  /** Before a handover: refreshed again although it is populated, once for each handover; none: by every run. */
  readonly marks?: readonly string[]
}

export const probeRefreshMaterializedView: Probe<RefreshMaterializedView> = (action, context) => {
  const { marks, side, view } = action
  const done =
    marks === undefined
      ? context[side].populatedViews.has(view)
      : marks.length > 0 && marks.every((m) => context.marks.has(m))
  return done ? 'done' : 'absent'
}
