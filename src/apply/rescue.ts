import { LockedError, RefusedError, StoppedError } from '../core/error.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { noReturnMark } from '../migration/direction.js'
import { noReturnId } from '../migration/fence-record.js'
import type { RunLock } from '../postgres/advisory-lock.js'
import { withConnection } from '../postgres/connect.js'
import { withDeadline } from '../postgres/deadline.js'
import { demandGone } from '../postgres/demand-gone.js'
import type { ApplyInput } from './apply-input.js'
import { handoverNow } from './fence-now.js'
import type { FenceNow, ServedElsewhere } from './fence-now.js'
import { giveUp } from './give-up.js'
import type { GivingUp } from './give-up.js'
import { openAlone } from './open-alone.js'
import { pauseSpent } from './pause-spent.js'

/** Mistakes of whoever runs belt, about which a fence on these servers says nothing. */
const MISTAKES: ReadonlySet<string> = new Set(['wrong-server', 'wrong-migration', 'plan-has-errors', 'not-gone'])

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
      const stands = await fenceFrom(input, from, own).catch((): undefined => undefined)
      const known = stands ?? { kind: await withoutFenced(input, from) }
      switch (known.kind) {
        case 'open':
        case 'elsewhere':
          throw error
        case 'unknown':
          throw turnUnknown(from, error)
        case 'closed':
          // Opened alone when this server was believed to be gone for good.
          if (await passedNoReturn(input, to)) throw error
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

/**
 * With the fenced server gone its record cannot be read. What the state was told behind the point of no return is enough.
 * A run that died between that statement and its answer leaves open whether it was carried out: everything is on the other
 * side by then, but the fenced server might come back and know nothing of it. So somebody has to say that it will not.
 */
async function withoutFenced(input: ApplyInput, from: Side): Promise<'open' | 'unknown' | 'committed'> {
  const state = await input.store.read().catch(() => undefined)
  const to = otherSide(from)
  if (state?.marks[noReturnMark(to)] !== undefined) return 'committed'
  const begun = state?.actions[noReturnId(to)]
  if (begun?.plan !== input.saved.digest || begun.status === 'failed') return 'open'
  return input.spec.gone === from ? 'committed' : 'unknown'
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

async function passedNoReturn(input: ApplyInput, to: Side): Promise<boolean> {
  const state = await input.store.read().catch(() => undefined)
  return state?.marks[noReturnMark(to)] !== undefined
}

/** Somebody else's run looks after its own fence. Ctrl-C while waiting for it says nothing about ours. */
function mayRescue(error: unknown, working: boolean): boolean {
  if (error instanceof LockedError) return false
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
