import type { Catalog } from '../catalog/catalog.js'
import type { Side } from '../core/side.js'
import type { State } from '../state/state.js'
import { fencedByMark } from './direction.js'

/** Whether a server has left the timeline it was on when belt last worked on it. */
export function timelineChanged(
  state: State,
  catalogs: Readonly<Record<Side, Pick<Catalog, 'server'>>>,
  side: Side,
): boolean {
  const { timeline } = catalogs[side].server
  return timeline > 0 && timeline !== (state[side].timeline ?? 1)
}

/** What a mark says of rows that stood on a server: on another timeline it may lack them. */
export function restsOnTimeline(mark: string): boolean {
  return mark.startsWith('verified ') || fencedByMark(mark) !== undefined
}
