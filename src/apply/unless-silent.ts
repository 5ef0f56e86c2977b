import { StoppedError } from '../core/error.js'
import { startDeadline } from '../postgres/deadline.js'

/**
 * Behind the point of no return both sides are closed, and a server that took the connection and says nothing must not
 * keep them so: the work is left after this time. Its sessions are closed with what fails, and then the side is opened
 * alone. The work itself may still come to an end meanwhile; opening is done once whoever does it.
 */
export async function unlessSilent(ms: number, work: Promise<void>): Promise<void> {
  work.catch(() => undefined)
  const limit = startDeadline(ms)
  const late = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => {
      reject(
        new StoppedError(
          'open-silent',
          `a server has not answered for ${String(ms / 1000)} s while a side was to be opened`,
        ),
      )
    })
  })
  try {
    await Promise.race([work, late])
  } finally {
    limit.end()
  }
}
