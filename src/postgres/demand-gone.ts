import { BeltError, RefusedError } from '../core/error.js'
import { withConnection } from './connect.js'
import type { ConnectionSettings } from './connection-settings.js'
import { withDeadline } from './deadline.js'

/** How long a server that is said to be gone may take to show that it is not. */
const KNOCK_MS = 3_000

/** A server that lets belt in is not gone, and must not be given up: `not-gone`. Whatever else it answers does not matter. */
export async function demandGone(settings: ConnectionSettings, signal: AbortSignal): Promise<void> {
  const answers = await withDeadline(KNOCK_MS, [signal], (knock) =>
    withConnection(settings, knock, () => Promise.resolve(true)),
  ).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof BeltError)) throw error
    return false
  })
  if (!answers) return
  throw new RefusedError('not-gone', 'the spec says that this server is gone for good, and it answers', {
    hint: 'Take `gone` out of the spec: with both servers everything can be taken away on both.',
  })
}
