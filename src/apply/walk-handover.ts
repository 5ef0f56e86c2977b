import type { Action } from '../actions/action.js'
import { RefusedError, StoppedError } from '../core/error.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import { fencedByMark, noReturnMark } from '../migration/direction.js'
import { fenceId, openId } from '../migration/fence-record.js'
import { whateverTheTime } from '../migration/no-return-sql.js'
import type { Plan } from '../plan/plan.js'
import { withConnection } from '../postgres/connect.js'
import type { PauseEvidence } from '../state/pause-mark.js'
import type { Pending } from './check-plan.js'
import type { ExecuteContext } from './execute-context.js'
import { handoverNow } from './fence-now.js'
import { giveUp } from './give-up.js'
import { notePause } from './note-pause.js'
import { pauseSpent } from './pause-spent.js'
import { demandStillFits, shapeOfBoth } from './still-fits.js'
import { guardIdleMs, TableGuard } from './table-guard.js'
import { takeBack } from './take-back.js'
import { toDoAgain } from './to-do-again.js'
import type { Again } from './to-do-again.js'
import { writeUndo } from './undo-file.js'
import { unlessSilent } from './unless-silent.js'
import { walk } from './walk.js'
import type { Tally } from './walk.js'
import { withExecuteContext } from './with-context.js'
import type { RunParts } from './with-context.js'

/** A statement that was cancelled on a server that does not answer keeps the fence standing no longer than this. */
const CANCEL_GRACE_MS = 1_000

/** Opening is a few statements on pages of the catalog; after this time it is tried another way. */
const OPEN_MS = 30_000

/** The side a plan closes; undefined for a plan without a handover. */
export function fencedSide(plan: Plan): Side | undefined {
  return plan.actions.find((a) => a.id === fenceId(a.side) && a.phase === 'pause')?.side
}

/**
 * A plan with a pause in it. What comes before the pause may take its time. Inside it a clock runs from the moment the
 * fence was recorded on the server, also across restarts; a failure, a stop or a spent pause before the point of no
 * return takes everything back. After that point the way leads only on.
 */
export async function walkHandover(
  pending: Pending,
  from: Side,
  context: ExecuteContext,
  parts: RunParts,
  tally: Tally,
): Promise<PauseEvidence | undefined> {
  const { input, state } = context
  const { emit } = parts
  const { plan } = input.saved
  const givingUp = { input, from, lock: parts.lock, lockedOn: 'target' as const, state, emit }
  const turn = plan.actions.findIndex((a) => a.id.startsWith('no-return.'))
  const position = new Map(plan.actions.map((a, index) => [a.id, index]))
  const fence = position.get(fenceId(from)) ?? 0
  const firstHook = plan.actions.findIndex(isBeforeFence)
  const ready = firstHook < 0 ? fence : firstHook
  const between = (low: number, high: number): Pending => ({
    ...pending,
    actions: pending.actions.filter(({ action }) => {
      const at = position.get(action.id) ?? 0
      return at >= low && at < high
    }),
  })
  const onwards = (): Promise<PauseEvidence | undefined> =>
    afterTurn(between(turn + 1, plan.actions.length), from, context, tally)
  const maxMs = input.spec.cutover.maxPauseMs
  const now = await handoverNow(context.watch[from], from, input)
  // What comes before would be wrong now: the side that was opened has gone on.
  if (now.kind === 'committed') return onwards()
  if (now.kind !== 'open' && state.current().marks[noReturnMark(otherSide(from))] !== undefined) {
    // The other side was opened while this server was away for good, as it seemed, and does not know of it.
    await walk(toldLate(between(turn, turn + 1)), context, tally)
    return onwards()
  }
  if (now.kind === 'elsewhere') throw servedElsewhere(from)
  if (now.kind === 'open') {
    await forgetProofs(context)
    await walk(between(0, ready), context, tally)
  }
  try {
    if (now.kind === 'closed' && now.forMs > maxMs) throw pauseSpent(maxMs)
    await writeUndo(input, from, emit)
    // What these hooks have begun, those of a handover that is given up take back.
    if (now.kind === 'open') {
      await walk(between(ready, fence), context, tally)
      if (ready < fence) await stillFits(context)
    }
    const again: Again =
      now.kind === 'open' ? { pending: between(fence, turn + 1), first: [] } : toDoAgain(plan, pending, turn)
    await pause(again, now.kind === 'closed' ? maxMs - now.forMs : maxMs, { context, parts, tally, from })
  } catch (error) {
    // Whatever ended the pause, its last statement may have been the one after which only the way on is left.
    await giveUp(givingUp, error)
    if (context.signal.aborted) throw error
    emit({ type: 'notice', message: 'the point of no return had been passed; the handover goes on' })
  }
  return onwards()
}

function toldLate(pending: Pending): Pending {
  const actions = pending.actions.map(({ action, found }) => ({
    action: { ...action, sql: whateverTheTime(action.sql) },
    found,
  }))
  return { ...pending, actions }
}

function servedElsewhere(from: Side): RefusedError {
  const to = otherSide(from)
  return new RefusedError(
    'served-elsewhere',
    `the ${from} is closed and the ${to} is open: this plan's handover is over, or somebody has opened the ${to}`,
    { hint: `Look with belt status which side serves. Nothing was changed; make a new plan.` },
  )
}

/** Of a handover that was begun and opened again by hand, or by a run that could not note it any more. */
async function forgetProofs({ state }: ExecuteContext): Promise<void> {
  const marks = Object.keys(state.current().marks).filter((m) => fencedByMark(m) !== undefined)
  if (marks.length > 0) await state.append({ kind: 'marks-dropped', marks })
}

/** Hooks that run when the other side serves: their failure is told at the end and keeps nothing of belt's from being done. */
async function afterTurn(
  pending: Pending,
  from: Side,
  context: ExecuteContext,
  tally: Tally,
): Promise<PauseEvidence | undefined> {
  const only = (wanted: (action: Action) => boolean): Pending => ({
    ...pending,
    actions: pending.actions.filter(({ action }) => wanted(action)),
  })
  const isHook = ({ kind }: Action): boolean => kind === 'run-hook'
  // Both sides are closed here: a wish to stop has to wait until one is open.
  await unlessSilent(
    OPEN_MS,
    walk(
      only((a) => a.phase === 'pause'),
      { ...context, stop: context.signal },
      tally,
    ),
  )
  const opened = pending.actions.some(({ action }) => action.id === openId(otherSide(from)))
  const pause = opened ? await notePause(context.input.saved, from, context.state, 'opened') : undefined
  if (pause !== undefined) context.emit({ type: 'pause', ...pause })
  let failure: StoppedError | undefined
  await walk(only(isHook), context, tally).catch((error: unknown) => {
    if (!(error instanceof StoppedError) || error.code !== 'hook-failed') throw error
    failure = error
  })
  await walk(
    only((a) => a.phase !== 'pause' && !isHook(a)),
    context,
    tally,
  )
  if (failure !== undefined) throw failure
  return pause
}

/** Hooks may have taken minutes, in which a pooler may stand still: the long look only when a quick one sees a change. */
async function stillFits(context: ExecuteContext): Promise<void> {
  const { actions } = context.state.current()
  const gate = context.input.saved.plan.actions.find((a) => a.kind === 'gate-handover')
  const shape = gate === undefined ? undefined : actions[gate.id]?.evidence?.['shape']
  if (shape !== (await shapeOfBoth(context))) await demandStillFits(context, 'behind hooks')
}

function isBeforeFence(action: Action): boolean {
  return action.kind === 'run-hook' && action.moment === 'before_fence'
}

interface Pausing {
  readonly context: ExecuteContext
  readonly parts: RunParts
  readonly tally: Tally
  /** The side that is fenced. */
  readonly from: Side
}

/** On sessions of its own, opened before the fence falls, which a spent pause cancels. */
async function pause(again: Again, leftMs: number, { context, parts, tally, from }: Pausing): Promise<void> {
  const clock = new AbortController()
  const signal = AbortSignal.any([parts.signal, clock.signal])
  const { maxPauseMs } = context.input.spec.cutover
  let timer: NodeJS.Timeout | undefined
  try {
    const limits = { cancelGraceMs: CANCEL_GRACE_MS, idleInTransactionTimeoutMs: guardIdleMs(maxPauseMs) }
    await withExecuteContext(context.input, { ...parts, signal, cancelGraceMs: CANCEL_GRACE_MS }, (inside) =>
      withConnection(
        context.input.connections[from],
        signal,
        async (session) => {
          timer = setTimeout(() => clock.abort(pauseSpent(maxPauseMs)), leftMs)
          for (const action of again.first) await takeBack(action, inside.work[action.side], parts.emit)
          await walk(again.pending, { ...inside, guard: new TableGuard(session, from) }, tally)
        },
        limits,
      ),
    )
  } catch (error) {
    throw clock.signal.aborted ? pauseSpent(maxPauseMs) : error
  } finally {
    clearTimeout(timer)
  }
}
