import type { Action } from '../actions/action.js'
import { BeltError, StoppedError } from '../core/error.js'
import { ConnectionLostError } from '../postgres/driver-error.js'
import { SqlError } from '../postgres/server-error.js'

const MEND = 'Mend the cause, then run the same command again: it goes on from here.'

/** An action could not be done: names it, its SQL with placeholders, and the server's words. */
export class ActionFailedError extends StoppedError {
  readonly action: Action

  constructor(action: Action, cause: BeltError) {
    const what = `${action.id} (${action.title}) failed on the ${action.side}`
    const statement =
      cause instanceof SqlError && cause.failure.place !== undefined ? `\n${cause.failure.statement ?? ''}` : ''
    super('action-failed', `${what}: ${cause.message}${statement}`, {
      hint: cause instanceof ConnectionLostError ? cause.hint : [cause.hint, MEND].filter(Boolean).join(' '),
      cause,
    })
    this.action = action
  }
}

/** Ctrl-C, or a stop from outside (exit code 130 or 143 in the CLI). */
export function interrupted(): StoppedError {
  return new StoppedError('interrupted', 'stopped on request', {
    hint: 'Run the same command again: it goes on from here.',
  })
}

/** What to throw for the failure of an action: errors of belt become ActionFailedError, others are bugs and stay. */
export function failureOf(action: Action, error: unknown): unknown {
  if (error instanceof StoppedError || !(error instanceof BeltError)) return error
  return new ActionFailedError(action, error)
}
