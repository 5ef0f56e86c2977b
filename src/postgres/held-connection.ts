import { withConnection, type ConnectOptions } from './connect.js'
import type { ConnectionSettings } from './connection-settings.js'
import type { Session } from './session.js'

/** A connection that outlives the call that opened it; whoever has it must let go. */
export interface HeldConnection {
  readonly session: Session
  release(): Promise<void>
  /** Hangs up at once: what is under way fails, and the server rolls it back. */
  hangUp(reason: Error): void
}

/** For what is opened and closed in two places, such as a state; elsewhere `withConnection` closes by itself. */
export async function holdConnection(
  settings: ConnectionSettings,
  options: ConnectOptions = {},
): Promise<HeldConnection> {
  const end = new AbortController()
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  return new Promise((resolve, reject) => {
    const lend = async (session: Session): Promise<void> => {
      resolve({
        session,
        release: async () => {
          letGo()
          await closed
        },
        hangUp: (reason) => end.abort(reason),
      })
      await held
    }
    const closed = withConnection(settings, end.signal, lend, { cancelGraceMs: 0, ...options })
    closed.catch(reject)
  })
}
