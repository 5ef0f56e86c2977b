import type { AwaitLag } from '../../actions/await-lag.js'
import { StoppedError } from '../../core/error.js'
import { readLag } from '../../inspect/lag.js'
import type { Lag } from '../../inspect/lag.js'
import type { ExecuteContext, Executor } from '../execute-context.js'
import { PhaseClock } from '../phase-clock.js'
import { replicationTroubles } from '../replication-troubles.js'
import { waitFor } from '../wait-for.js'

/** Waits until the target has confirmed the source's log to within the limit. */
export const executeAwaitLag: Executor<AwaitLag> = async (action, context) => {
  const clock = new PhaseClock()
  let first: number | undefined
  return waitFor(action, context, {
    look: async () => {
      const lag = await readLag(context.watch.source, action.slot)
      if (lag === undefined || lag.walStatus === 'lost') throw slotGone(action)
      if (lag.bytes <= action.maxLagBytes)
        return { done: { lagBytes: lag.bytes, confirmedLsn: lag.confirmedFlushLsn ?? null } }
      first ??= lag.bytes
      report(action, context, lag, first, clock)
      return { standing: lag.confirmedFlushLsn ?? 'nothing confirmed' }
    },
    troubles: () => replicationTroubles(action, context),
  })
}

function report(action: AwaitLag, context: ExecuteContext, lag: Lag, first: number, clock: PhaseClock): void {
  const total = Math.max(first, lag.bytes)
  const done = total - lag.bytes
  const etaSeconds = clock.eta('lag', done, total - action.maxLagBytes)
  const detail = `${Math.round(lag.bytes / 1024)} kB behind`
  context.emit({ type: 'action-progress', action: action.id, unit: 'bytes', done, total, etaSeconds, detail })
}

function slotGone(action: AwaitLag): StoppedError {
  return new StoppedError(
    'slot-lost',
    `slot ${action.slot} is gone or lost on the source: the target cannot catch up`,
    {
      hint: 'The tables have to be copied again: belt plan --restart.',
    },
  )
}
