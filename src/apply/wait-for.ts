import type { Action } from '../actions/action.js'
import { BeltError, StoppedError } from '../core/error.js'
import { sleep } from '../postgres/sleep.js'
import type { Evidence } from '../state/state.js'
import { interrupted } from './action-failed.js'
import type { Waiter } from './apply-event.js'
import type { ExecuteContext } from './execute-context.js'

/** Why something does not get on, as sentences, and the sessions that are in its way. */
export interface Troubles {
  readonly reasons: readonly string[]
  readonly blockers: readonly Waiter[]
}

export interface Waited {
  /** One look: done with its proof, or a text that changes whenever something has moved. */
  readonly look: () => Promise<{ readonly done: Evidence } | { readonly standing: string }>
  readonly troubles: () => Promise<Troubles>
  /** 500 ms. */
  readonly pollMs?: number
}

/** Milliseconds without movement after which the reasons are looked for and told. */
const QUIET_MS = 5_000

/** Looks again and again until it is done. Nothing moves for the whole patience: StoppedError `standstill` with the reasons. */
export async function waitFor(action: Action, context: ExecuteContext, waited: Waited): Promise<Evidence> {
  const { pollMs = 500 } = waited
  let standing = ''
  let movedAt = performance.now()
  let toldAt = movedAt
  for (;;) {
    const seen = await waited.look()
    if ('done' in seen) return seen.done
    const now = performance.now()
    if (seen.standing !== standing) movedAt = now
    standing = seen.standing
    const stillMs = Math.round(now - movedAt)
    if (stillMs >= context.patience.standstillMs) throw standstill(action, stillMs, await waited.troubles())
    if (stillMs >= Math.min(QUIET_MS, context.patience.standstillMs / 2) && now - toldAt >= QUIET_MS) {
      toldAt = now
      const { reasons, blockers } = await waited.troubles()
      context.emit({ type: 'action-waiting', action: action.id, waitedMs: stillMs, reasons, blockers })
    }
    await pause(pollMs, context)
  }
}

async function pause(ms: number, context: ExecuteContext): Promise<void> {
  try {
    await sleep(ms, context.stop)
  } catch (error) {
    if (context.stop.aborted && !context.signal.aborted) throw interrupted()
    throw error instanceof BeltError ? error : new BeltError('aborted', 'stopped on request', { cause: error })
  }
}

function standstill(action: Action, stillMs: number, { reasons, blockers }: Troubles): StoppedError {
  const why = [...reasons, ...blockers.map((b) => `waiting for ${b.text}`)]
  const text = why.length === 0 ? 'belt sees no reason; look into the logs of both servers' : why.join('; ')
  return new StoppedError(
    'standstill',
    `${action.id} (${action.title}): nothing has moved for ${Math.round(stillMs / 1000)} s: ${text}`,
    {
      hint: 'Mend the reason, then run the same command again: what was copied stays.',
    },
  )
}
