import { BeltError } from '../core/error.js'

const TRIES = 5

/**
 * Starts a server on a port that was found free, and on another one when somebody has taken it before the server did.
 *
 * @param start writes the port down and starts the server
 * @returns what `start` gave
 */
export async function firstStart<Started>(
  findPort: () => Promise<number>,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await findPort())
    } catch (error) {
      const taken = error instanceof BeltError && error.message.includes('could not create any TCP/IP sockets')
      if (!taken || tries === TRIES) throw error
    }
  }
}
