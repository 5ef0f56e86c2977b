import type { Action } from '../actions/action.js'
import { BeltError, StoppedError } from '../core/error.js'
import { blockersOf } from '../postgres/blockers.js'
import { classifyError } from '../postgres/driver-error.js'
import { openWriters } from '../postgres/open-writers.js'
import { retry } from '../postgres/retry.js'
import { SqlError } from '../postgres/server-error.js'
import type { Session } from '../postgres/session.js'
import { SQLSTATE } from '../postgres/sqlstate.js'
import { inTransaction } from '../postgres/transaction.js'
import type { Evidence } from '../state/state.js'
import { interrupted } from './action-failed.js'
import type { Waiter } from './apply-event.js'
import { commitWithRecord } from './commit-with-record.js'
import type { ExecuteContext } from './execute-context.js'
import { fillSecrets } from './fill-secrets.js'
import { readSecrets } from './read-secrets.js'
import { waiterOfBlocker, waiterOfWriter } from './waiter.js'
import { whileWatching } from './watch-waits.js'

export interface SqlRun {
  readonly action: Action
  readonly session: Session
  /** Statements of each attempt, with placeholders: all of them stand in the plan. */
  readonly statements: (attempt: number) => readonly string[]
  /** A statement ended by its own timeout is tried again: it only waited (slot creation). */
  readonly retryTimeouts?: boolean
  /** When its transaction is committed the action is done: its record may be committed with it. */
  readonly completes?: boolean
  /** Looked at every now and then while a statement runs, beside its blockers. */
  readonly onLook?: (elapsedMs: number) => Promise<void>
}

/** Runs an action's SQL as the plan says, again and again while locks are held by others, up to the patience. */
export async function runSql(run: SqlRun, context: ExecuteContext): Promise<Evidence> {
  const { action } = run
  const { spec, resolveSecret, secrets } = context.input
  const values = await readSecrets(action.secrets, { spec, resolveSecret, secrets, source: context.work.source })
  const started = performance.now()
  let blockers: readonly Waiter[] = []
  let tries = 0
  const attempt = async (number: number): Promise<number | undefined> => {
    await context.fence()
    const statements = run.statements(number).map((sql) => fillSecrets(sql, action.secrets, values))
    const watched = (): Promise<number | undefined> =>
      send(run, statements, context, () => ({
        ms: Math.round(performance.now() - started),
        ...(tries > 1 ? { tries } : {}),
      }))
    return whileWatching(
      watched,
      async (elapsedMs) => {
        blockers = await findBlockers(run, context)
        if (blockers.length > 0) {
          context.emit({ type: 'action-waiting', action: action.id, waitedMs: elapsedMs, reasons: [], blockers })
        }
        await run.onLook?.(elapsedMs)
      },
      { afterMs: firstLook(action) },
    )
  }
  const rows = await retry(
    async (number) => {
      tries = number
      if (context.stop.aborted && number > 1) throw interrupted()
      return attempt(number).catch((error: unknown) => {
        throw run.retryTimeouts === true && isTimeout(error) ? asLockWait(error) : error
      })
    },
    {
      signal: context.stop,
      maxMs: context.patience.lockMs,
      baseMs: 500,
      capMs: 10_000,
      onRetry: ({ attempt: number, waitMs, error }) =>
        context.emit({
          type: 'action-retried',
          action: action.id,
          attempt: number,
          waitMs,
          because: messageOf(error),
          blockers,
        }),
    },
  ).catch((error: unknown) => {
    if (context.stop.aborted && !context.signal.aborted && mayEnd(error)) throw interrupted()
    throw classifyError(error) === 'retryable'
      ? outOfPatience(action, error, blockers, performance.now() - started)
      : error
  })
  return { ...(rows === undefined ? {} : { rows }), ...(tries > 1 ? { tries } : {}) }
}

/** A try that would have been repeated, or the wait before it, ended because of the stop. */
function mayEnd(error: unknown): boolean {
  return classifyError(error) === 'retryable' || (error instanceof BeltError && error.code === 'aborted')
}

async function send(
  { action, session, completes }: SqlRun,
  statements: readonly string[],
  context: ExecuteContext,
  proof: () => Evidence,
): Promise<number | undefined> {
  const { lockMs = 0, statementMs = 0 } = action.timeouts
  let rows: number | undefined
  if (action.transaction === 'one') {
    const withRows = (): Evidence => ({ ...proof(), ...(rows === undefined ? {} : { rows }) })
    const ending = completes === true ? commitWithRecord(action, session, context, withRows) : undefined
    await inTransaction(session, ending === undefined ? {} : { ending }, async () => {
      if (lockMs > 0) await session.exec(`set local lock_timeout = '${lockMs}ms'`)
      if (statementMs > 0) await session.exec(`set local statement_timeout = '${statementMs}ms'`)
      for (const sql of statements) rows = (await session.exec(sql)) ?? rows
    })
    return rows
  }
  if (lockMs > 0) await session.exec(`set lock_timeout = '${lockMs}ms'`)
  if (statementMs > 0) await session.exec(`set statement_timeout = '${statementMs}ms'`)
  try {
    for (const sql of statements) rows = (await session.exec(sql)) ?? rows
  } finally {
    if (!session.lost.aborted) {
      // After the signal fired a session refuses statements; it is closed soon anyway.
      if (lockMs > 0) await session.exec('set lock_timeout = 0').catch(() => undefined)
      if (statementMs > 0) await session.exec('set statement_timeout = 0').catch(() => undefined)
    }
  }
  return rows
}

/** Soon enough to see who holds the lock before the lock_timeout passes. */
function firstLook(action: Action): number {
  const { lockMs = 0 } = action.timeouts
  return lockMs > 0 ? Math.min(2_000, Math.floor(lockMs / 2)) : 2_000
}

async function findBlockers({ action, session }: SqlRun, context: ExecuteContext): Promise<readonly Waiter[]> {
  const watch = context.watch[action.side]
  const { secrets } = context.input
  const direct = (await blockersOf(watch, session.pid, secrets)).map(waiterOfBlocker)
  if (action.kind !== 'create-slot') return direct
  // A slot waits for all of them one after the other, while only the present one counts as its blocker.
  const writers = (await openWriters(watch, secrets)).filter((w) => w.pid !== session.pid).map(waiterOfWriter)
  const known = new Set(writers.map((w) => w.pid))
  return [...writers, ...direct.filter((b) => !known.has(b.pid))]
}

function isTimeout(error: unknown): error is SqlError {
  return error instanceof SqlError && error.sqlState === SQLSTATE.queryCanceled
}

/** The same failure as one that `retry` repeats. */
function asLockWait(error: SqlError): SqlError {
  return new SqlError(error.code, error.message, { ...error.failure, sqlState: SQLSTATE.lockNotAvailable }, error.hint)
}

function outOfPatience(action: Action, error: unknown, blockers: readonly Waiter[], elapsedMs: number): StoppedError {
  const who = blockers.length === 0 ? '' : `; waiting for ${blockers.map((b) => b.text).join(', ')}`
  return new StoppedError(
    'out-of-patience',
    `${action.id} (${action.title}) did not get through on the ${action.side} within ${Math.round(elapsedMs / 1000)} s${who}: ${messageOf(error)}`,
    { hint: 'Let those transactions end (or end them), then run the same command again.', cause: error },
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
}
