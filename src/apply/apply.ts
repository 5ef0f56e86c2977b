import { hostname } from 'node:os'
import type { Action } from '../actions/action.js'
import { StoppedError } from '../core/error.js'
import { migrationContext } from '../migration/context.js'
import { withRunLock } from '../postgres/advisory-lock.js'
import type { RunLock } from '../postgres/advisory-lock.js'
import { runLockKey } from '../postgres/lock-key.js'
import { describeHolder, type LockHolder } from '../postgres/lock-holder.js'
import type { OpenState } from '../state/state-store.js'
import { interrupted } from './action-failed.js'
import type { ApplyHappening } from './apply-event.js'
import type { ApplyInput, ApplyResult } from './apply-input.js'
import { demandApprovals } from './approvals.js'
import { demandSecrets } from './demand-secrets.js'
import { checkPlan, pendingOf } from './check-plan.js'
import type { Pending } from './check-plan.js'
import { finishApply } from './finish.js'
import { forgetOldCopy } from './forget-old-copy.js'
import { noteTimelines } from './note-timelines.js'
import { resumeApply } from './resume-apply.js'
import { waitForEarlierRuns } from './earlier-runs.js'
import { withinPause, withRescue, type TakeLock } from './rescue.js'
import { walk } from './walk.js'
import { fencedSide, walkHandover } from './walk-handover.js'
import type { Tally } from './walk.js'
import { closing } from './state-writes.js'
import { withExecuteContext } from './with-context.js'

const LOCK_WAIT_MS = 3_000

/**
 * Carries out a reviewed plan: takes the run lock on the target (for a handover on both sides), waits for what killed runs left working there, looks at
 * both databases, refuses when they are not those the plan was made for or no longer as it saw them, skips what is
 * done, does the rest, looks again and records what was reached. Run again after any failure, it goes on.
 *
 * @throws LockedError `locked`; RefusedError `wrong-server`, `wrong-migration`, `plan-stale`, `plan-has-errors`;
 * StoppedError `action-failed`, `out-of-patience`, `standstill`, `interrupted`, `lock-lost`, `verify-differs`, …;
 * BeltError `state-…` and those of the connections
 */
export async function applyPlan(input: ApplyInput, signal: AbortSignal): Promise<ApplyResult> {
  const emit = (happening: ApplyHappening): void => input.emit({ at: new Date().toISOString(), ...happening })
  const { plan, digest } = input.saved
  emit({
    type: 'started',
    run: input.run,
    migration: plan.name,
    plan: digest,
    actions: plan.actions.length,
    to: plan.to,
  })
  // Waiting for the lock ends at the first Ctrl-C; once it is held, only `signal` may end its session.
  const options = {
    waitMs: input.lockTimeoutMs ?? LOCK_WAIT_MS,
    onWait: (holder: LockHolder | undefined) => {
      if (input.stop.aborted) throw interrupted()
      emit({
        type: 'lock-waiting',
        holder: holder === undefined ? 'a run that has just ended' : describeHolder(holder),
      })
    },
  }
  const take: TakeLock = (side, until, use) =>
    withRunLock(input.connections[side], runLockKey(plan.lineage), until, use, options)
  const work = (lock: RunLock): Promise<ApplyResult> => underLock(input, lock, signal, emit)
  const from = fencedSide(plan)
  return from === undefined ? take('target', signal, work) : withRescue(input, from, { take, signal, emit }, work)
}

type Emit = (happening: ApplyHappening) => void

async function underLock(input: ApplyInput, lock: RunLock, signal: AbortSignal, emit: Emit): Promise<ApplyResult> {
  const { plan, digest } = input.saved
  const hard = AbortSignal.any([signal, lock.lost])
  const inspection = await withinPause(input, fencedSide(plan), { hard, stop: input.stop }, async (either) => {
    await waitForEarlierRuns(input, either, emit)
    emit({ type: 'inspecting', why: 'before' })
    return input.inspect(either).catch((error: unknown) => {
      throw input.stop.aborted ? interrupted() : error
    })
  })
  checkPlan(plan, input.spec, inspection)
  const { name, lineage, source, target } = plan
  const state = await input.store.open({ name, lineage, source, target }, { leaving: plan.to === 'absent' })
  return closing(state, input, emit, async () => {
    if (state.torn)
      emit({
        type: 'notice',
        message: `${input.store.location}: the last change was cut short by a crash and is left out`,
      })
    // Before anything is refused: while apply stands still the source keeps its log.
    if (await resumeApply(input, state))
      emit({ type: 'notice', message: 'apply stood still since a run that was killed; it goes on' })
    await noteTimelines(state, migrationContext(input.spec, inspection, state.current()))
    const pending = pendingOf(input.saved, migrationContext(input.spec, inspection, state.current()), state.current())
    demandApprovals(
      plan,
      pending.actions.map((p) => p.action),
      { given: input.spec.approve, now: new Date() },
    )
    await demandSecrets(pending, input)
    const run = { id: input.run, plan: digest, host: hostname(), pid: process.pid, startedAt: new Date().toISOString() }
    await state.append({ kind: 'run-started', run })
    return carryOn(input, { lock, state, pending, signal: hard, emit })
  })
}

interface Carrying {
  readonly lock: RunLock
  readonly state: OpenState
  readonly pending: Pending
  readonly signal: AbortSignal
  readonly emit: Emit
}

async function carryOn(input: ApplyInput, { lock, state, pending, signal, emit }: Carrying): Promise<ApplyResult> {
  const { actions, done, begun } = pending
  const repairs = actions.filter((p) => p.found === 'broken').length
  emit({ type: 'checked', pending: actions.length, done: done.length, repairs, resumed: begun.size > 0 })
  for (const action of done) {
    emit({ type: 'action-skipped', action: action.id })
    settle(input, state, action)
  }
  const tally: Tally = { done: 0, failed: 0 }
  const counts = (): ApplyResult['counts'] => ({
    ...tally,
    skipped: done.length,
    // What had to be done again inside a pause was not counted among what is left.
    remaining: Math.max(0, actions.length - tally.done - tally.failed),
  })
  let pause: ApplyResult['pause']
  try {
    // Taken from the databases when the state was lost: once everything is gone there, only the state tells the end from the beginning.
    const { from, to } = input.saved.plan
    if (to === 'finalized' && from === 'cutover' && state.current().stage !== from && actions.length > 0)
      await state.append({ kind: 'stage-reached', stage: from })
    await forgetOldCopy(state, actions)
    if (actions.length > 0) {
      const parts = { lock, state, signal, emit, cutShort: pending.cutShort }
      const fenced = fencedSide(input.saved.plan)
      await withExecuteContext(input, parts, async (context) => {
        if (fenced === undefined) await walk(pending, context, tally)
        else pause = await walkHandover(pending, fenced, context, parts, tally)
      })
    }
    const reached = await finishApply(input, { state, counts: counts(), signal, emit, pending })
    const result = pause === undefined ? reached : { ...reached, pause }
    state.note({ kind: 'run-finished', at: new Date().toISOString() })
    return result
  } catch (error) {
    emit({ type: 'finished', counts: counts(), stage: undefined, left: [] })
    state.note({ kind: 'run-finished', at: new Date().toISOString() })
    throw lock.lost.aborted && !(error instanceof StoppedError) ? lostLock(lock, error) : error
  }
}

/** A run that was killed or failed behind the SQL, or somebody's own hand, has done it: the record shall say so too. */
function settle({ saved, run }: ApplyInput, state: OpenState, { id }: Action): void {
  const known = state.actionRecord(id)
  if (known === undefined || known.status === 'done') return
  const at = new Date().toISOString()
  state.note({ kind: 'action-done', action: id, plan: saved.digest, run, at, evidence: { found: 'done' }, marks: [] })
}

function lostLock(lock: RunLock, cause: unknown): StoppedError {
  const reason: unknown = lock.lost.reason
  return new StoppedError('lock-lost', reason instanceof Error ? reason.message : 'the run lock was lost', {
    hint: 'Run the same command again; if another run has started meanwhile, let it finish first.',
    cause,
  })
}
