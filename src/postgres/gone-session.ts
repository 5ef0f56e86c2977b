import { RefusedError } from '../core/error.js'
import type { Session } from './session.js'

/** Stands for the session to a server that is switched off for good: whatever is asked of it is refused. */
export function goneSession(endpoint: string): Session {
  const refuse = (): never => {
    throw new RefusedError(
      'server-gone',
      `${endpoint} is needed for this, and the spec says that it is gone for good`,
      {
        hint: 'Take `gone` out of the spec if the server answers.',
      },
    )
  }
  const refused = (): Promise<never> => Promise.resolve().then(refuse)
  return {
    pid: 0,
    serverVersion: 0,
    major: 0,
    endpoint,
    lost: new AbortController().signal,
    query: refused,
    one: refused,
    exec: refused,
    copyOut: refused,
    copyIn: refused,
    commit: refused,
    rollback: () => Promise.resolve(),
    cancel: () => Promise.resolve(false),
  }
}
