import { BeltError } from '../core/error.js'
import { withConnection } from '../postgres/connect.js'
import { withDeadline } from '../postgres/deadline.js'
import { retry } from '../postgres/retry.js'
import type { OpenState } from '../state/state-store.js'
import type { ApplyInput } from './apply-input.js'

const RESUME_MS = 60_000

/**
 * Lets apply go on where belt stopped it for a moment: at the end of the moment, however it ends, and at the start of
 * the run after one that died within it. On a connection and with a deadline of its own, because it must also work
 * after the run was cancelled. Without the run lock nobody else may have stopped it, so no fence is asked.
 */
export async function resumeApply(input: Pick<ApplyInput, 'connections'>, state: OpenState): Promise<boolean> {
  const { paused } = state.current()
  if (paused === undefined) return false
  try {
    await withDeadline(RESUME_MS, [], (signal) =>
      retry(() => withConnection(input.connections.target, signal, (session) => session.exec(paused.resume)), {
        signal,
        maxMs: RESUME_MS,
        reconnects: true,
      }),
    )
  } catch (cause) {
    throw new BeltError(
      'apply-not-resumed',
      `subscription ${paused.subscription} was disabled by belt and could not be enabled again`,
      {
        hint: `Run the same command again, or on the target: ${paused.resume}`,
        cause,
      },
    )
  }
  await state.append({ kind: 'resumed' })
  return true
}
