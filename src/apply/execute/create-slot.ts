import type { CreateSlot } from '../../actions/create-slot.js'
import { StoppedError } from '../../core/error.js'
import type { Executor } from '../execute-context.js'
import { runSql } from '../run-sql.js'

/** Waits for write transactions of the whole cluster, naming them; each try is bounded by the statement's timeout. */
export const executeCreateSlot: Executor<CreateSlot> = async (action, context, found) => {
  const replaces = action.sql.some((sql) => sql.includes('pg_drop_replication_slot'))
  if (found === 'broken' && !replaces) {
    throw new StoppedError(
      'slot-lost',
      `slot ${action.slot} is lost: the ${action.side} has removed log that it needed`,
      {
        hint: 'What the target has missed cannot be streamed any more. Copy again from the start: belt plan --restart.',
      },
    )
  }
  const session = context.work[action.side]
  return runSql({ action, session, statements: () => action.sql, retryTimeouts: true }, context)
}
