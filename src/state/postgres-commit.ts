import type { Session } from '../postgres/session.js'
import type { Transition } from './transition.js'

export type Committed = 'committed' | 'rolled back'

/**
 * Writes a transition into the open transaction of a session to the target, then commits it with `commit`. So a kill
 * leaves either both, what the action did and the record of it, or neither. Throws `state-newer`, and then nothing is
 * committed, when another run has taken the state over.
 */
export type CommitWith = (
  session: Session,
  transition: Transition,
  commit: () => Promise<Committed>,
) => Promise<Committed>
