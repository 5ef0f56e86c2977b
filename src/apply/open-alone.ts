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
import { retry } from '../postgres/retry.js'
import type { Session } from '../postgres/session.js'
import { inTransaction } from '../postgres/transaction.js'
import type { OpenState } from '../state/state-store.js'
import type { Transition } from '../state/transition.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'
import { isOpen } from './fence-now.js'
import { messageOf } from './state-writes.js'

const OPEN_MS = 60_000
/** The state may lie on a full disk or on the server that is gone: applications wait no longer for it. */
const STATE_MS = 5_000

export interface OpeningAlone {
  readonly input: ApplyInput
  readonly to: Side
  readonly lock: RunLock
  readonly emit: (happening: ApplyHappening) => void
}

/**
 * Behind the point of no return with the fenced server gone: carries out the one action of the plan that lets
 * applications in. Everything is there, and whatever is left to do waits until the other server is back or is given up
 * for good. That this is the right server is told by belt's own table of this migration. A state that cannot be written
 * keeps no side closed.
 *
 * @throws StoppedError `opened-alone`; the reason itself when there is nothing to open
 */
export async function openAlone(opening: OpeningAlone, reason: unknown): Promise<never> {
  const { input, to, lock, emit } = opening
  const { plan, digest } = input.saved
  const action = plan.actions.find((a) => a.id === openId(to))
  if (action === undefined) throw reason
  const { name, lineage } = plan
  const about = { action: action.id, plan: digest, run: input.run }
  const notes = await stateNotes(opening)
  try {
    let begun = false
    /** False: there is nothing to open. */
    const open = async (session: Session): Promise<boolean> => {
      const foreign = !(await isBelts(session, lineage, name)) || !(await lock.stillHeld(session))
      const opened = !foreign && (await isOpen(session, lineage, to))
      // A commit whose answer got lost is done.
      if (opened && begun) return true
      if (foreign || opened) return false
      const at = new Date().toISOString()
      if (!begun) {
        emit({
          type: 'notice',
          message: `the ${otherSide(to)} cannot be worked with any more: the ${to} is opened alone`,
        })
        // Should the other server come back without the intent, this keeps it from being opened beside the new one.
        await notes.write({ kind: 'mark-set', mark: noReturnMark(to), at, evidence: { alone: true } })
        await notes.write({ kind: 'action-running', ...about, at })
      }
      begun = true
      await inTransaction(session, {}, async () => {
        for (const sql of action.sql) await session.exec(sql)
      })
      return true
    }
    const done = await withDeadline(OPEN_MS, [], (signal) =>
      retry(() => withConnection(input.connections[to], signal, open), { signal, maxMs: OPEN_MS, reconnects: true }),
    )
    if (!done) throw reason
    const at = new Date().toISOString()
    await notes.write({ kind: 'action-done', ...about, at, evidence: { alone: true }, marks: [] })
    emit({ type: 'action-done', action: action.id, ms: 0, evidence: { alone: true } })
  } finally {
    await notes.close()
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

interface Notes {
  readonly write: (transition: Transition) => Promise<void>
  readonly close: () => Promise<void>
}

/** Writes as far as that goes: what fails is told once, and nothing waits for it any longer. */
async function stateNotes({ input, to, emit }: OpeningAlone): Promise<Notes> {
  const { name, lineage, source, target } = input.saved.plan
  let broken = false
  const attempt = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
    if (broken) return undefined
    try {
      return await inTime(work())
    } catch (error) {
      broken = true
      const message = `the state ${input.store.location} does not know that the ${to} is opened: ${messageOf(error, input)}`
      emit({ type: 'notice', message })
      return undefined
    }
  }
  const opening = input.store.open({ name, lineage, source, target })
  const state = await attempt(() => opening)
  // One that comes too late must not stay open.
  if (state === undefined) void opening.then((late: OpenState) => late.close()).catch(() => undefined)
  return {
    write: async (transition) => {
      if (state !== undefined) await attempt(() => state.append(transition))
    },
    close: async () => {
      if (state === undefined) return
      const closing = state.close()
      if (broken) closing.catch(() => undefined)
      else await attempt(() => closing)
    },
  }
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(STATE_MS / 1000)} s`)), STATE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function isBelts(session: Session, lineage: string, name: string): Promise<boolean> {
  const table = `belt.${quoteIdent(namesOf(name, lineage).markerTable)}`
  const { there } = await session.one<{ there: boolean }>('select pg_catalog.to_regclass($1) is not null as there', [
    table,
  ])
  return there
}
