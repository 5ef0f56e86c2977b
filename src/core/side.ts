/** Which of the two databases: `source` is moved from, `target` is moved to, whichever serves at the moment. */
export type Side = 'source' | 'target'

export const SIDES: readonly Side[] = ['source', 'target']

export function otherSide(side: Side): Side {
  return side === 'source' ? 'target' : 'source'
}
