import type { Action } from '../actions/action.js'
import type { ActionId } from '../actions/base.js'
import { BeltError, StoppedError } from '../core/error.js'
import { interrupted, failureOf } from './action-failed.js'
import type { Pending } from './check-plan.js'
import type { ExecuteContext } from './execute-context.js'
import { executeAction } from './execute/executors.js'
import { forgetsState } from './forgets-state.js'
import { handoverProofs, marksSet } from './marks-set.js'
import type { ActionRecord } from '../state/state.js'
import { Schedule } from './schedule.js'
import { messageOf, unlessAborted } from './state-writes.js'

/** Counts while walking; the walk changes them so that they are right also when it throws. */
export interface Tally {
  done: number
  failed: number
}

/**
 * Carries out what is pending. After a failure or a stop no new action starts, running ones finish, and the first
 * failure is thrown.
 */
export async function walk(pending: Pending, context: ExecuteContext, tally: Tally): Promise<void> {
  const { plan } = context.input.saved
  const numbers = new Map(plan.actions.map((a, index) => [a.id, index + 1]))
  const found = new Map(pending.actions.map((p) => [p.action.id, p.found]))
  const schedule = new Schedule(
    pending.actions.map((p) => p.action),
    context.input.spec.indexes.jobs,
  )
  const running = new Map<ActionId, Promise<Ended>>()
  const failures: unknown[] = []
  const before = tally.done
  const start = (action: Action): void => {
    const repairs = found.get(action.id) === 'broken'
    const { id, title, side } = action
    context.emit({
      type: 'action-started',
      action: id,
      title,
      side,
      number: numbers.get(id) ?? 0,
      of: plan.actions.length,
      repairs,
    })
    running.set(id, carryOut(action, context, repairs))
  }
  for (;;) {
    if (failures.length === 0 && !context.stop.aborted) {
      for (let next = schedule.take(); next !== undefined; next = schedule.take()) start(next)
    }
    if (running.size === 0) break
    const ended = await Promise.race(running.values())
    running.delete(ended.id)
    if (ended.ok) {
      tally.done += 1
      schedule.finish(ended.id)
    } else {
      // A stop is no failure of the action that it ended.
      if (!isStop(ended.error)) tally.failed += 1
      failures.push(ended.error)
    }
  }
  const first = failures.find((error) => !isStop(error)) ?? failures[0]
  if (context.signal.aborted) throw stopReason(context.signal, first)
  if (first instanceof Error) throw first
  // Only a bug could throw something else; it must not pass for success.
  if (failures.length > 0) throw new Error('an action failed without an error', { cause: first })
  if (tally.done - before < pending.actions.length) throw interrupted()
}

type Ended =
  { readonly id: ActionId; readonly ok: true } | { readonly id: ActionId; readonly ok: false; readonly error: unknown }

/** Intent on disk, SQL, result: a run that is killed anywhere between leaves enough to go on from. */
async function carryOut(action: Action, context: ExecuteContext, repairs: boolean): Promise<Ended> {
  const { input, state } = context
  const { id } = action
  const about = { action: id, plan: input.saved.digest, run: input.run }
  try {
    await input.onBoundary?.('before-intent', action)
    await unlessAborted(state.append({ kind: 'action-running', ...about, at: now() }), context.signal)
    await input.onBoundary?.('after-intent', action)
    const started = performance.now()
    const evidence = await executeAction(action, context, repairs ? 'broken' : 'absent')
    const ms = Math.round(performance.now() - started)
    await input.onBoundary?.('after-sql', action)
    const marks = marksSet(action)
    const proof = { ms, ...evidence }
    if (forgetsState(action)) state.detach()
    const result = { kind: 'action-done', ...about, at: now(), evidence: proof, marks } as const
    if (!isRecorded(state.actionRecord(id), about)) {
      // A lost mark could not be probed again, so it is made durable at once.
      if (marks.length > 0) await unlessAborted(state.append(result), context.signal)
      else state.note(result)
    }
    for (const { mark, evidence: rests } of await handoverProofs(action, context))
      await unlessAborted(state.append({ kind: 'mark-set', mark, at: now(), evidence: rests }), context.signal)
    await input.onBoundary?.('after-record', action)
    context.emit({ type: 'action-done', action: id, ms, evidence: proof })
    return { id, ok: true }
  } catch (cause) {
    const error = failureOf(action, cause)
    if (error instanceof BeltError && !isStop(error) && !context.signal.aborted) {
      const message = input.secrets.redact(error.message)
      await state.append({ kind: 'action-failed', ...about, at: now(), error: message }).catch((why: unknown) => {
        // What went wrong first is what has to be told.
        context.emit({ type: 'notice', message: `the failure of ${id} is not in the state: ${messageOf(why, input)}` })
      })
      context.emit({ type: 'action-failed', action: id, code: error.code, message, hint: error.hint })
    }
    return { id, ok: false, error }
  }
}

/** Its transaction has recorded it already. */
function isRecorded(
  record: ActionRecord | undefined,
  { plan, run }: { readonly plan: string; readonly run: string },
): boolean {
  return record?.status === 'done' && record.plan === plan && record.run === run
}

function isStop(error: unknown): boolean {
  return error instanceof StoppedError && error.code === 'interrupted'
}

/** After the signal every running statement fails in its own way; what matters is why it fired. */
function stopReason(signal: AbortSignal, first: unknown): Error {
  const reason: unknown = signal.reason
  if (reason instanceof BeltError && reason.code === 'lock-lost') {
    return new StoppedError('lock-lost', reason.message, { hint: reason.hint, cause: reason })
  }
  if (first instanceof BeltError && !(first instanceof StoppedError)) return first
  return interrupted()
}

function now(): string {
  return new Date().toISOString()
}
