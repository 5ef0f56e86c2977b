import type { Action } from '../actions/action.js'

/** The action takes away the state itself; nothing can be recorded after it. */
export function forgetsState(action: Action): boolean {
  return action.kind === 'ensure' && action.wants.some((condition) => condition.is === 'no state')
}
