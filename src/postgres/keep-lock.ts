import { BeltError } from '../core/error.js'
import type { Session } from './session.js'
import { sleep } from './sleep.js'

/**
 * Runs `use` while asking every `everyMs` whether the lock is held; the questions also keep firewalls from closing an
 * idle connection. The signal lent to `use` fires with `lock-lost` when the answer is no or the connection is gone.
 */
export async function keepLock<Result>(
  session: Pick<Session, 'lost'>,
  signal: AbortSignal,
  everyMs: number,
  isHeld: () => Promise<boolean>,
  use: (lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController()
  const lose = (cause: unknown): void => {
    if (lost.signal.aborted) return
    lost.abort(
      new BeltError('lock-lost', `the run lock was lost: ${cause instanceof Error ? cause.message : String(cause)}`, {
        hint: 'Run the same command again; if another run has started meanwhile, let it finish first.',
        cause,
      }),
    )
  }
  const onConnectionLost = (): void => lose(session.lost.reason)
  session.lost.addEventListener('abort', onConnectionLost, { once: true })
  if (session.lost.aborted) onConnectionLost()
  const done = new AbortController()
  const watching = watch(everyMs, AbortSignal.any([done.signal, signal]), isHeld).catch(lose)
  try {
    return await use(lost.signal)
  } finally {
    session.lost.removeEventListener('abort', onConnectionLost)
    done.abort()
    await watching
  }
}

async function watch(everyMs: number, done: AbortSignal, isHeld: () => Promise<boolean>): Promise<void> {
  for (;;) {
    try {
      await sleep(everyMs, done)
    } catch {
      return
    }
    let held: boolean
    try {
      held = await isHeld()
    } catch (error) {
      if (done.aborted) return
      throw error
    }
    if (!held) throw new BeltError('lock-lost', 'the server no longer shows it as held')
  }
}
