import { StoppedError } from '../core/error.js'

export function pauseSpent(maxMs: number): StoppedError {
  return new StoppedError(
    'pause-spent',
    `cutover.max_pause (${String(maxMs / 1000)} s) is spent before the point of no return`,
    { hint: 'See in the state which action took the time.' },
  )
}
