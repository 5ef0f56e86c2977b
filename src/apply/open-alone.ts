import { StoppedError } from '../core/error.js'
import { quoteIdent } from '../core/quote.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { noReturnMark } from '../migration/direction.js'
import { openId } from '../migration/fence-record.js'
import { namesOf } from '../migration/names.js'
import type { RunLock } from '../postgres/advisory-lock.js'
import { withConnection } from '../postgres/connect.js'
import { withDeadline } from '../postgres/deadline.js'
import type { Session } from '../postgres/session.js'
import { inTransaction } from '../postgres/transaction.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'
import { isOpen } from './fence-now.js'

const OPEN_MS = 60_000

export interface OpeningAlone {
  readonly input: ApplyInput
  readonly to: Side
  readonly lock: RunLock
  readonly emit: (happening: ApplyHappening) => void
}

/**
 * Behind the point of no return with the fenced server gone: carries out the one action of the plan that lets
 * applications in. Everything is there, and whatever is left to do waits until the other server is back or is given up
 * for good. That this is the right server is told by belt's own table of this migration.
 *
 * @throws StoppedError `opened-alone`; the reason itself when there is nothing to open
 */
export async function openAlone({ input, to, lock, emit }: OpeningAlone, reason: unknown): Promise<never> {
  const { plan, digest } = input.saved
  const action = plan.actions.find((a) => a.id === openId(to))
  if (action === undefined) throw reason
  const { name, lineage, source, target } = plan
  const state = await input.store.open({ name, lineage, source, target })
  const about = { action: action.id, plan: digest, run: input.run }
  try {
    const open = async (session: Session): Promise<void> => {
      const open = !(await isBelts(session, lineage, name)) || (await isOpen(session, lineage, to))
      if (open || !(await lock.stillHeld(session))) throw reason
      emit({
        type: 'notice',
        message: `the ${otherSide(to)} cannot be worked with any more: the ${to} is opened alone`,
      })
      const begun = new Date().toISOString()
      // Should the other server come back without the intent, this keeps it from being opened beside the new one.
      await state.append({ kind: 'mark-set', mark: noReturnMark(to), at: begun, evidence: { alone: true } })
      await state.append({ kind: 'action-running', ...about, at: begun })
      await inTransaction(session, {}, async () => {
        for (const sql of action.sql) await session.exec(sql)
      })
    }
    await withDeadline(OPEN_MS, [], (signal) => withConnection(input.connections[to], signal, open))
    const at = new Date().toISOString()
    await state.append({ kind: 'action-done', ...about, at, evidence: { alone: true }, marks: [] })
    emit({ type: 'action-done', action: action.id, ms: 0, evidence: { alone: true } })
  } finally {
    await state.close()
  }
  const why = reason instanceof Error ? reason.message : String(reason)
  throw new StoppedError(
    'opened-alone',
    `${why}\nThe ${to} is open and serves all the same; what is left to do needs both servers.`,
    {
      hint: `Run the same command again when the ${otherSide(to)} can be reached; it stays closed to applications.`,
      cause: reason,
    },
  )
}

async function isBelts(session: Session, lineage: string, name: string): Promise<boolean> {
  const table = `belt.${quoteIdent(namesOf(name, lineage).markerTable)}`
  const { there } = await session.one<{ there: boolean }>('select pg_catalog.to_regclass($1) is not null as there', [
    table,
  ])
  return there
}
