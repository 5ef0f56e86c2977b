import type { PairPositions } from '../../actions/pair-positions.js'
import { StoppedError } from '../../core/error.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext } from '../execute-context.js'

/**
 * The position is that of a message committed with a flush: a slot is never advanced past what is flushed, and what
 * apply wrote without waiting for the disk lies before it.
 */
export async function executePairPositions(action: PairPositions, context: ExecuteContext): Promise<Evidence> {
  const publisher = context.work[action.side]
  const subscriber = context.work[action.subscriber]
  await context.fence()
  const [mark = '', ...advances] = action.sql
  const [row] = await publisher.query<{ lsn: string }>(mark)
  const lsn = row?.lsn ?? ''
  for (const sql of advances) await publisher.query(sql, [lsn])
  for (const sql of action.originSql) {
    if ((await subscriber.query(sql, [lsn])).length === 0) {
      throw new StoppedError('way-back-missing', `subscription ${action.subscription} of the way back is gone`, {
        hint: 'Make a new plan.',
      })
    }
  }
  return { lsn }
}
