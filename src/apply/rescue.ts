import { LockedError, RefusedError, StoppedError } from '../core/error.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { noReturnMark } from '../migration/direction.js'
import { fenceId, noReturnId } from '../migration/fence-record.js'
import type { RunLock } from '../postgres/advisory-lock.js'
import { withConnection } from '../postgres/connect.js'
import { withDeadline } from '../postgres/deadline.js'
import { demandGone } from '../postgres/demand-gone.js'
import { retry } from '../postgres/retry.js'
import { recordedPauses } from '../state/pause-mark.js'
import type { State } from '../state/state.js'
import type { ApplyInput } from './apply-input.js'
import { handoverNow } from './fence-now.js'
import type { FenceNow, ServedElsewhere } from './fence-now.js'
import { giveUp, stillClosed } from './give-up.js'
import type { GivingUp } from './give-up.js'
import { openAlone } from './open-alone.js'
import { pauseSpent } from './pause-spent.js'

/** Mistakes of whoever runs belt, about which a fence on these servers says nothing. */
const MISTAKES: ReadonlySet<string> = new Set(['wrong-server', 'wrong-migration', 'plan-has-errors', 'not-gone'])

const ENDED: ReadonlySet<string> = new Set(['handover-given-up', 'still-closed'])

/** Takes the run lock on one side; the same for every run. */
export type TakeLock = <Result>(
  side: Side,
  signal: AbortSignal,
  use: (lock: RunLock) => Promise<Result>,
) => Promise<Result>

/** Whatever ended the run, Ctrl-C pressed twice too, a side that is closed has to be looked after. */
const RESCUE_MS = 60_000

/**
 * Holds the run lock on both sides, for the fenced one alone must be enough to open it again (rule 18). When the apply
 * cannot go on, because a server is gone or for another reason, no side may be left closed that could be open: before
 * the point of no return everything is taken back from the fenced side alone; behind it, with the fenced server gone,
 * the other one is opened alone.
 */
export async function withRescue<Result>(
  input: ApplyInput,
  from: Side,
  { take, signal, emit }: { readonly take: TakeLock; readonly signal: AbortSignal; readonly emit: GivingUp['emit'] },
  use: (lock: RunLock) => Promise<Result>,
): Promise<Result> {
  const at = { working: false }
  try {
    if (input.spec.gone === from) await demandGone(input.connections[from], signal)
    return await take('target', signal, (lock) =>
      take('source', signal, (other) => {
        at.working = true
        return use({ ...lock, lost: AbortSignal.any([lock.lost, other.lost]) })
      }),
    )
  } catch (error) {
    if (!mayRescue(error, at.working)) throw error
    const to = otherSide(from)
    return withDeadline(RESCUE_MS, [], async (own) => {
      const known = await standsNow(input, from, own, emit, error)
      switch (known.kind) {
        case 'open':
        case 'elsewhere':
          throw error
        case 'unknown':
          throw turnUnknown(from, error)
        case 'closed':
          // Opened alone when this server was believed to be gone for good.
          if (await passedNoReturn(input, to, error)) throw error
          emit({ type: 'notice', message: `the ${from} is closed and the ${to} cannot take over: it is opened again` })
          return take(from, own, async (lock) => {
            await giveUp({ input, from, lock, lockedOn: from, state: undefined, emit }, error)
            throw error
          })
        case 'committed':
          return take(to, own, (lock) => openAlone({ input, to, lock, emit }, error))
      }
    })
  }
}

type Known = FenceNow | ServedElsewhere | { readonly kind: 'unknown' }

/**
 * How the handover stands, by the fenced server. Where that cannot be asked, in a storm of connections or while it starts
 * anew, it is asked again for as long as it may be closed and nothing else is known; then that is told, for nobody else
 * will look after it.
 */
async function standsNow(
  input: ApplyInput,
  from: Side,
  own: AbortSignal,
  emit: GivingUp['emit'],
  error: unknown,
): Promise<Known> {
  const look = (): Promise<FenceNow | ServedElsewhere> => fenceFrom(input, from, own)
  const first = await look().catch((): undefined => undefined)
  if (first !== undefined) return first
  const without = await withoutFenced(input, from)
  if (without === 'open' || without === 'committed') return { kind: without }
  try {
    return await retry(look, { signal: own, maxMs: RESCUE_MS, reconnects: true })
  } catch (cause) {
    if (without === 'unknown') return { kind: 'unknown' }
    throw await stillClosed({ input, from, emit }, error, cause, 'may be')
  }
}

/**
 * With the fenced server gone its record cannot be read. What the state was told behind the point of no return is enough.
 * A run that died between that statement and its answer leaves open whether it was carried out: everything is on the other
 * side by then, but the fenced server might come back and know nothing of it. So somebody has to say that it will not.
 */
async function withoutFenced(
  input: ApplyInput,
  from: Side,
): Promise<'open' | 'maybe closed' | 'unknown' | 'committed'> {
  const read = await readState(input)
  if (read === 'unreadable') return 'maybe closed'
  const to = otherSide(from)
  if (read?.marks[noReturnMark(to)] !== undefined) return 'committed'
  const { digest } = input.saved
  const begun = read?.actions[noReturnId(to)]
  if (begun?.plan !== digest || begun.status === 'failed') {
    return wasFenced(input, from, read) ? 'maybe closed' : 'open'
  }
  return input.spec.gone === from ? 'committed' : 'unknown'
}

/** This plan has closed it, and as far as the state knows nobody has opened it again. */
function wasFenced({ saved }: ApplyInput, from: Side, state: State | undefined): boolean {
  const fence = state?.actions[fenceId(from)]
  if (fence?.plan !== saved.digest || fence.status === 'failed') return false
  const handover = from === 'source' ? 'cutover' : 'rollback'
  const last = recordedPauses(state).find((p) => p.handover === handover)
  return last === undefined || last.to < fence.startedAt
}

/** It may live on the very server that is gone. */
async function readState({ store }: ApplyInput): Promise<State | undefined | 'unreadable'> {
  return store.read().catch(() => 'unreadable' as const)
}

function turnUnknown(from: Side, cause: unknown): StoppedError {
  const to = otherSide(from)
  const why = cause instanceof Error ? `${cause.message}\n` : ''
  return new StoppedError(
    'turn-unknown',
    `${why}Both sides are closed to applications. A run was killed while it passed the point of no return, and only the ${from} knows whether it did; everything is on the ${to}.`,
    {
      hint: `If the ${from} comes back, run the same command again. If it is gone for good, write \`gone: ${from}\` into the spec and run the same command again: that opens the ${to}.`,
      cause,
    },
  )
}

/**
 * Whether the other side was opened alone, which the fenced server need not know. A state that cannot be read does not say
 * no: then only somebody who knows that the other server is gone for good may have this one opened.
 */
async function passedNoReturn(input: ApplyInput, to: Side, error: unknown): Promise<boolean> {
  const state = await readState(input)
  if (state !== 'unreadable') return state?.marks[noReturnMark(to)] !== undefined
  if (input.spec.gone === to) return false
  throw stateUnreadable(to, error)
}

function stateUnreadable(to: Side, cause: unknown): StoppedError {
  const from = otherSide(to)
  const why = cause instanceof Error ? `${cause.message}\n` : ''
  return new StoppedError(
    'turn-unknown',
    `${why}The ${from} is closed to applications. Neither the ${to} nor belt's state can be read, and only they know whether the ${to} was opened alone while the ${from} was away.`,
    {
      hint: `If the ${to} comes back, run the same command again. If it is gone for good, write \`gone: ${to}\` into the spec and run the same command again: that opens the ${from}, as it stands.`,
      cause,
    },
  )
}

/** Somebody else's run looks after its own fence. Ctrl-C while waiting for it says nothing about ours. */
function mayRescue(error: unknown, working: boolean): boolean {
  if (error instanceof LockedError) return false
  // It was given up already, or was tried to be for as long as there is sense in it.
  if (error instanceof StoppedError && ENDED.has(error.code)) return false
  const known = error instanceof RefusedError || error instanceof StoppedError
  if (known && MISTAKES.has(error.code)) return false
  return working || !(known && error.code === 'interrupted')
}

/**
 * Lends `use` what is left of the pause that an earlier run began, as a signal beside others; none has begun, and only
 * those count. What fails because the time is up fails as a pause that is spent.
 */
export async function withinPause<Result>(
  input: ApplyInput,
  from: Side | undefined,
  { hard, stop }: { readonly hard: AbortSignal; readonly stop: AbortSignal },
  use: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const now = from === undefined ? undefined : await fenceFrom(input, from, hard)
  const { maxPauseMs } = input.spec.cutover
  if (now?.kind !== 'closed') return use(AbortSignal.any([hard, stop]))
  return withDeadline(maxPauseMs - now.forMs, [hard, stop], (signal, passed) =>
    use(signal).catch((error: unknown) => {
      throw passed() ? pauseSpent(maxPauseMs) : error
    }),
  )
}

async function fenceFrom(input: ApplyInput, from: Side, signal: AbortSignal): Promise<FenceNow | ServedElsewhere> {
  return withConnection(input.connections[from], signal, (session) => handoverNow(session, from, input))
}
