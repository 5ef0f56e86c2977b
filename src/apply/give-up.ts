import type { Action } from '../actions/action.js'
import { StoppedError } from '../core/error.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { HANDOVER_MARK } from '../migration/direction.js'
import { fenceId } from '../migration/fence-record.js'
import { notePause } from './note-pause.js'
import type { RunLock } from '../postgres/advisory-lock.js'
import { withConnection } from '../postgres/connect.js'
import { withDeadline } from '../postgres/deadline.js'
import { retry } from '../postgres/retry.js'
import { sleep } from '../postgres/sleep.js'
import type { OpenState } from '../state/state-store.js'
import type { State } from '../state/state.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput } from './apply-input.js'
import { fenceNow } from './fence-now.js'
import type { FenceNow } from './fence-now.js'
import { runHook } from './run-hook.js'
import { messageOf } from './state-writes.js'
import { END_GUARDS } from './table-guard.js'
import { holdingFence, takeBack } from './take-back.js'
import { toTakeBack } from './to-take-back.js'
import { undoFile, writeUndo } from './undo-file.js'

const GIVE_UP_MS = 60_000
const READ_MS = 2_000

export interface GivingUp {
  readonly input: ApplyInput
  /** Of the handover that is given up; the side that was closed. */
  readonly from: Side
  /** The run lock on that side's server or the other's. */
  readonly lock: RunLock
  readonly lockedOn: Side
  /** Absent when the state could not be opened: the records on the server are enough. */
  readonly state: OpenState | undefined
  readonly emit: (happening: ApplyHappening) => void
}

/**
 * Takes a handover back before the point of no return: first everything on the fenced side, the fence last of it, so
 * that applications write again as soon as they can; then what can be reached of the other side. Needs only the fenced
 * side. Returns, having changed nothing, only when the handover turns out to be past the point of no return.
 *
 * @throws StoppedError `handover-given-up`; `still-closed` when the fenced side cannot be reached
 */
export async function giveUp(giving: GivingUp, reason: unknown): Promise<'committed'> {
  const { input, from, state, emit } = giving
  const { saved } = input
  const known = state?.current() ?? (await readSoon(input))
  const actions = (stood: FenceNow): readonly Action[] => toTakeBack(saved, known, stood.kind !== 'open')
  const stood = await openAgain(giving, actions).catch(async (error: unknown): Promise<never> => {
    throw await stillClosed(giving, reason, error)
  })
  if (stood.kind === 'committed') return 'committed'
  const reopenedAt = new Date().toISOString()
  const hooks = await runGivenUpHooks(input, emit)
  await tidyOther(giving, actions(stood))
  const noteAll = async (): Promise<void> => {
    const pause =
      stood.kind === 'open' || state === undefined
        ? undefined
        : await notePause(input.saved, from, state, 'given up', reopenedAt)
    if (pause !== undefined) emit({ type: 'pause', ...pause })
    await forgetMarks(input, state)
  }
  // It may live on the side that cannot be reached; the records on the servers are enough.
  await noteAll().catch((error: unknown) => {
    emit({ type: 'notice', message: `the state does not know of it: ${messageOf(error, input)}` })
  })
  const outcome =
    stood.kind === 'open'
      ? `the ${from} was not closed yet, and nothing has moved`
      : `the ${from} is open again after ${String(Math.round(stood.forMs / 100) / 10)} s, and nothing has moved`
  const why = reason instanceof Error ? reason.message : String(reason)
  throw new StoppedError('handover-given-up', `${[why, ...hooks].join('\n')}\nThe handover was given up: ${outcome}.`, {
    hint: 'Mend the reason, make a new plan and apply that.',
    cause: reason,
  })
}

/** Writes the file for opening it by hand, and gives what is to be told. */
export async function stillClosed(
  { input, from, emit }: Pick<GivingUp, 'input' | 'from' | 'emit'>,
  reason: unknown,
  cause: unknown,
  how: 'is still' | 'may be' = 'is still',
): Promise<StoppedError> {
  // A run on another machine may have written it, or none yet; this one is told to use it.
  await writeUndo(input, from, emit).catch((failed: unknown) => {
    emit({ type: 'notice', message: `the way back by hand could not be written: ${messageOf(failed, input)}` })
  })
  const why = reason instanceof Error ? reason.message : String(reason)
  return new StoppedError(
    'still-closed',
    `${why}\nThe ${from} ${how} closed to applications, and belt could not open it: ${messageOf(cause, input)}`,
    { hint: `Run the same command again, or open it by hand with ${undoFile(input, from)}.`, cause },
  )
}

/**
 * What was made on the other side. Hooks may have taken minutes meanwhile: when another run has begun to work on the
 * migration, what stands there may be its own.
 */
async function tidyOther({ input, from, lock, lockedOn, emit }: GivingUp, actions: readonly Action[]): Promise<void> {
  const other = otherSide(from)
  const both = (signal: AbortSignal): Promise<void> =>
    withConnection(input.connections[from], signal, (session) =>
      withConnection(input.connections[other], signal, async (there) => {
        const open = (await fenceNow(session, input.saved.plan.lineage, from)).kind === 'open'
        if (!open || lock.lost.aborted || !(await lock.stillHeld(lockedOn === from ? session : there))) {
          throw new StoppedError('lock-lost', 'another run works on this migration by now, or may')
        }
        for (const action of actions.filter((a) => a.side === other)) await takeBack(action, there, emit)
      }),
    )
  await withDeadline(GIVE_UP_MS, [], both).catch((error: unknown) => {
    const message = messageOf(error, input)
    emit({ type: 'notice', message: `the ${other} could not be tidied up and will be by the next plan: ${message}` })
  })
}

/** The user's own way of taking back; what fails of it is told, for nobody else will do it. */
async function runGivenUpHooks(input: ApplyInput, emit: GivingUp['emit']): Promise<readonly string[]> {
  const failures: string[] = []
  for (const hook of input.saved.plan.ifGivenUp ?? []) {
    emit({ type: 'notice', message: `given up: ${hook.title}` })
    const { signal } = new AbortController()
    await runHook(hook, { input, emit, signal, again: false }).catch((error: unknown) => {
      failures.push(error instanceof Error ? input.secrets.redact(error.message) : String(error))
    })
  }
  return failures
}

/** The next handover proves everything anew, and runs its hooks again. */
async function forgetMarks(input: ApplyInput, open: OpenState | undefined): Promise<void> {
  const forget = async (state: OpenState): Promise<void> => {
    const marks = Object.keys(state.current().marks).filter((m) => m.startsWith(`${HANDOVER_MARK} `))
    if (marks.length > 0) await state.append({ kind: 'marks-dropped', marks })
  }
  if (open !== undefined) return forget(open)
  const { name, lineage, source, target } = input.saved.plan
  // The state may be as unreachable as the side that could not take over; what counts is done.
  const state = await input.store.open({ name, lineage, source, target }).catch(() => undefined)
  if (state === undefined) return
  try {
    await forget(state)
  } finally {
    await state.close()
  }
}

/** On the fenced side; gives how it stood before. */
async function openAgain(
  { input, from, emit }: GivingUp,
  actions: (stood: FenceNow) => readonly Action[],
): Promise<FenceNow> {
  const { plan } = input.saved
  const { lineage } = plan
  const fence = plan.actions.find((a) => a.id === fenceId(from) && a.phase === 'pause')
  if (fence === undefined) throw new Error(`the plan closes no ${from}`)
  let first: FenceNow | undefined
  const once = async (signal: AbortSignal): Promise<FenceNow> =>
    withConnection(input.connections[from], signal, (session) =>
      withConnection(input.connections[from], signal, (holder) =>
        holdingFence(holder, fence, { lineage, database: plan[from].database }, async ({ now, takeDown }) => {
          first ??= now
          if (now.kind === 'committed') return now
          for (const action of actions(first).filter((a) => a.side === from && a !== fence)) {
            await takeBack(action, session, emit)
          }
          // Of a run that was cut off and that the server has not missed yet.
          await session.query(END_GUARDS)
          if (now.kind === 'closed') await takeDown()
          return first
        }),
      ),
    )
  return withDeadline(GIVE_UP_MS, [], (signal) =>
    retry(() => once(signal), { signal, maxMs: GIVE_UP_MS, reconnects: true }),
  )
}

/** The state may live on the side that is gone, and the other one is waiting to be opened. */
async function readSoon({ store }: ApplyInput): Promise<State | undefined> {
  const late = new AbortController()
  try {
    return await Promise.race([store.read().catch(() => undefined), sleep(READ_MS, late.signal).then(() => undefined)])
  } finally {
    late.abort()
  }
}
