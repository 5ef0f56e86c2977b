import { setMaxListeners } from 'node:events'
import type { ActionId } from '../actions/base.js'
import { StoppedError } from '../core/error.js'
import type { Side } from '../core/side.js'
import type { RunLock } from '../postgres/advisory-lock.js'
import { withConnection } from '../postgres/connect.js'
import { goneSession } from '../postgres/gone-session.js'
import type { Session } from '../postgres/session.js'
import type { OpenState } from '../state/state-store.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'
import type { ExecuteContext } from './execute-context.js'

const LOCK_PATIENCE_MS = 600_000
const STANDSTILL_MS = 900_000

export interface RunParts {
  readonly lock: RunLock
  readonly state: OpenState
  readonly signal: AbortSignal
  readonly cutShort: ReadonlySet<ActionId>
  readonly emit: (happening: ApplyHappening) => void
  /** How long a cancelled statement may take to end before belt hangs up; 10,000 ms. */
  readonly cancelGraceMs?: number
}

/** Opens the sessions that a run keeps: one to work and one to look with, on each side. */
export async function withExecuteContext<Result>(
  input: ApplyInput,
  { lock, state, signal, cutShort, emit, cancelGraceMs = 10_000 }: RunParts,
  use: (context: ExecuteContext) => Promise<Result>,
): Promise<Result> {
  const stop = AbortSignal.any([signal, input.stop])
  // Each session and each statement listens while it lasts; with many at once that is no leak.
  setMaxListeners(0, signal, stop)
  const open = <Out>(side: Side, own: (session: Session) => Promise<Out>): Promise<Out> =>
    side === input.spec.gone
      ? own(goneSession(`the ${side}`))
      : withConnection(input.connections[side], signal, own, { cancelGraceMs })
  return open('source', (workSource) =>
    open('target', (workTarget) =>
      open('source', (watchSource) =>
        open('target', (watchTarget) =>
          use({
            input,
            state,
            signal,
            cutShort,
            stop,
            patience: { lockMs: LOCK_PATIENCE_MS, standstillMs: STANDSTILL_MS, ...input.patience },
            work: { source: workSource, target: workTarget },
            watch: { source: watchSource, target: watchTarget },
            withSession: open,
            fence: async () => {
              if (!lock.lost.aborted && (await lock.stillHeld(watchTarget))) return
              throw new StoppedError('lock-lost', 'this run no longer holds the migration’s run lock', {
                hint: 'Nothing more was changed. If another run has started, let it finish; then run the same command again.',
              })
            },
            emit,
          }),
        ),
      ),
    ),
  )
}
