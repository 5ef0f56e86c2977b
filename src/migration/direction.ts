import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { FenceMethod } from '../spec/spec.js'
import type { DirectionNames, Names } from './names.js'

/**
 * Handing the application over from one side to the other: cutover goes from source to target, rollback from target to
 * source. Both are the same steps, mirrored.
 */
export interface Handover {
  readonly word: 'cutover' | 'rollback'
  /** The side that serves now and is fenced. */
  readonly from: Side
  /** The side that serves afterwards. */
  readonly to: Side
  /** Replication that runs now, from `from` to `to`. */
  readonly streaming: DirectionNames
  /** Replication that runs afterwards, from `to` to `from`. */
  readonly returning: DirectionNames
}

export function handoverTo(to: Side, names: Names): Handover {
  const [streaming, returning] = to === 'target' ? [names.forward, names.reverse] : [names.reverse, names.forward]
  return { word: to === 'target' ? 'cutover' : 'rollback', from: otherSide(to), to, streaming, returning }
}

/** Marks of one handover: forgotten when it is given up or over, so that the next one proves everything anew. */
export const HANDOVER_MARK = 'handover'

export function handoverMark(handover: Pick<Handover, 'word'>, what: string): string {
  return `${HANDOVER_MARK} ${handover.word} ${what}`
}

/** A mark that holds only while the very fence stands under which it was made. */
export function fencedMark(handover: Pick<Handover, 'word'>, what: string): string {
  return handoverMark(handover, `fenced ${what}`)
}

/** The side whose fence a mark rests on; undefined for other marks. */
export function fencedByMark(mark: string): Side | undefined {
  if (mark.startsWith(fencedMark({ word: 'cutover' }, ''))) return 'source'
  return mark.startsWith(fencedMark({ word: 'rollback' }, '')) ? 'target' : undefined
}

/** The intent to open the other side stands on the fenced one: what belt knows when that server is gone for good. */
export function noReturnMark(to: Side): string {
  return fencedMark({ word: to === 'target' ? 'cutover' : 'rollback' }, 'no return')
}

/** Whether a fence keeps applications out also while belt is not there to look. */
export function fenceHolds(method: FenceMethod): boolean {
  return method === 'revoke_connect' || method === 'revoke_login'
}

/** Names of the direction that a side publishes in. */
export function publishedFrom(side: Side, names: Names): DirectionNames {
  return side === 'source' ? names.forward : names.reverse
}
