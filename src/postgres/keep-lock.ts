import { BeltError } from '../core/error.js'
import { startDeadline } from './deadline.js'
import type { Session } from './session.js'
import { sleep } from './sleep.js'

/**
 * Runs `use` while asking every `everyMs` whether the lock is held; the questions also keep firewalls from closing an
 * idle connection. The signal lent to `use` fires with `lock-lost` when the answer is no, when none comes within twice
 * that time, or when the connection is gone.
 */
export async function keepLock<Result>(
  session: Pick<Session, 'lost'>,
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
  const watching = watch(everyMs, done.signal, isHeld).catch(lose)
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
    let held: boolean | undefined
    try {
      held = await within(2 * everyMs, done, isHeld())
    } catch (error) {
      if (done.aborted) return
      throw error
    }
    if (done.aborted) return
    if (held === undefined) {
      throw new BeltError('lock-lost', `the server has not answered for ${String((2 * everyMs) / 1000)} s`)
    }
    if (!held) throw new BeltError('lock-lost', 'the server no longer shows it as held')
  }
}

/** The answer; undefined when it takes too long, or nobody waits for it any more: a silent server keeps nobody here. */
async function within(ms: number, done: AbortSignal, answer: Promise<boolean>): Promise<boolean | undefined> {
  const limit = startDeadline(ms, done)
  const late = new Promise<undefined>((resolve) => {
    if (limit.signal.aborted) resolve(undefined)
    else limit.signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    limit.end()
  }
}
