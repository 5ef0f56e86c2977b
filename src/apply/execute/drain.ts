import type { Drain } from '../../actions/drain.js'
import { StoppedError } from '../../core/error.js'
import { quoteIdent } from '../../core/quote.js'
import { sleep } from '../../postgres/sleep.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext } from '../execute-context.js'
import { interrupted } from '../action-failed.js'
import { replicationTroubles } from '../replication-troubles.js'
import { readSubscriber } from '../subscriber.js'
import { runSql } from '../run-sql.js'

const LOOK_MS = 5

/**
 * Commits the marker on the fenced side and waits until the other shows it. Changes arrive in the order of their
 * commits, so whatever was committed before the marker is there when the marker is.
 */
export async function executeDrain(action: Drain, context: ExecuteContext): Promise<Evidence> {
  const from = context.work[action.side]
  const receiver = context.watch[action.receiver]
  const started = performance.now()
  await runSql({ action, session: from, statements: () => action.sql }, context)
  const table = `belt.${quoteIdent(action.markerTable)}`
  const { at, lsn } = await from.one<{ at: string; lsn: string }>(
    `select m.at::text as at, pg_catalog.pg_current_wal_insert_lsn()::text as lsn from ${table} as m where m.id = 1`,
  )
  let told = started
  for (;;) {
    context.signal.throwIfAborted()
    if (action.unless !== undefined && context.stop.aborted) throw interrupted()
    const [seen] = await receiver.query<{ there: boolean }>(
      `select m.at = $1::timestamptz as there from ${table} as m where m.id = 1`,
      [at],
    )
    if (seen?.there === true) break
    const now = performance.now()
    if (now - told > 2_000) {
      told = now
      await checkAlive(action, context, Math.round(now - started))
    }
    await sleep(LOOK_MS, context.signal)
  }
  return { lsn, drainedMs: Math.round(performance.now() - started) }
}

async function checkAlive(action: Drain, context: ExecuteContext, waitedMs: number): Promise<void> {
  // Within a pause its clock is the bound.
  if (action.unless !== undefined && waitedMs > context.patience.standstillMs) throw await standstill(action, context)
  const subscription = await readSubscriber(context.watch[action.receiver], action.subscription)
  if (subscription?.enabled !== true) {
    throw new StoppedError(
      'drain-stopped',
      `subscription ${action.subscription} is ${subscription === undefined ? 'gone' : 'disabled'}: what is missing will not arrive`,
    )
  }
  const reasons = [`the marker has not arrived through ${action.subscription} yet`]
  context.emit({ type: 'action-waiting', action: action.id, waitedMs, reasons, blockers: [] })
}

async function standstill(action: Drain, context: ExecuteContext): Promise<StoppedError> {
  const { reasons } = await replicationTroubles(action, context)
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`
  return new StoppedError('standstill', `${action.id} (${action.title}): the marker does not arrive${why}`, {
    hint: 'belt status says what stops the subscription. Mend it, then run the same command again.',
  })
}
