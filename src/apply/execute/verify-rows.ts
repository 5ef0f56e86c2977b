import type { VerifyRows } from '../../actions/verify-rows.js'
import { BeltError, StoppedError } from '../../core/error.js'
import { readSubscriber } from '../subscriber.js'
import { verifyCounts } from '../../verify/verify-counts.js'
import type { CountReport } from '../../verify/verify-counts.js'
import type { PairingInput } from '../../verify/verify-input.js'
import type { ExecuteContext, Executor } from '../execute-context.js'
import { resumeApply } from '../resume-apply.js'

/**
 * Compares exact row counts at one position of the source's log. Apply stands still for the moment in which both
 * snapshots are taken; that it must go on again is written down before it is stopped.
 */
export const executeVerifyRows: Executor<VerifyRows> = async (action, context) => {
  await checkEnabled(action, context)
  const { spec } = context.input
  const input: PairingInput = {
    connections: context.input.connections,
    subscription: action.subscription,
    publications: action.publications,
    slot: action.slot,
    tables: action.tables,
    pause: () => pause(action, context),
    resume: async () => {
      await resumeApply(context.input, context.state)
    },
  }
  const total = action.tables.length
  const onTable = (done: number): void =>
    context.emit({
      type: 'action-progress',
      action: action.id,
      unit: 'tables',
      done,
      total,
      etaSeconds: undefined,
      detail: 'counting rows',
    })
  const signal = AbortSignal.any([context.signal, context.stop])
  const report = await verifyCounts(input, { jobs: spec.verify.jobs, onTable }, signal)
  if (report.different.length > 0) throw differs(report)
  if (report.unsettled.length > 0) throw unsettled(report)
  const { rounds, sourceLsn, appliedTo, pausedMs, counts } = report
  const rows = counts.reduce((sum, c) => sum + c.source, 0)
  const byTable = Object.fromEntries(
    counts.map((c) => [c.table, { source: c.source, target: c.target, delta: c.delta }]),
  )
  return {
    tables: counts.length,
    rows,
    sourceLsn,
    appliedTo: appliedTo ?? null,
    applyStoodStillMs: pausedMs,
    rounds,
    byTable,
  }
}

/** The plan's two statements: apply stops, apply goes on. */
function statements({ sql }: VerifyRows): readonly [stop: string, resume: string] {
  const [stop, resume] = sql
  if (stop === undefined || resume === undefined || sql.length !== 2) {
    throw new BeltError(
      'plan-unknown',
      'a verify action has two statements: one that stops apply, one that lets it go on',
    )
  }
  return [stop, resume]
}

async function checkEnabled(action: VerifyRows, context: ExecuteContext): Promise<void> {
  const subscriber = await readSubscriber(context.watch.target, action.subscription)
  if (subscriber?.enabled === true) return
  throw new StoppedError(
    'subscription-disabled',
    `subscription ${action.subscription} is ${subscriber ? 'disabled' : 'not there'}`,
    {
      hint: 'belt did not disable it. Enable it, then run the same command again.',
    },
  )
}

async function pause(action: VerifyRows, context: ExecuteContext): Promise<void> {
  const [stop, resume] = statements(action)
  const at = new Date().toISOString()
  await context.state.append({
    kind: 'paused',
    paused: { action: action.id, subscription: action.subscription, resume, at },
  })
  await context.fence()
  await context.work[action.side].exec(stop)
}

function differs({ different, rounds, sourceLsn }: CountReport): StoppedError {
  const lines = different.slice(0, 20).map((c) => {
    const expected = c.target + c.delta
    return `  ${c.table}: ${c.source} rows on the source, ${expected} on the target (${c.target} there, ${signed(c.delta)} still to come)`
  })
  const more = different.length > 20 ? [`  and ${different.length - 20} more tables`] : []
  const head = `${different.length} tables differ at ${sourceLsn}, in each of ${rounds} comparisons:`
  return new StoppedError('verify-differs', [head, ...lines, ...more].join('\n'), {
    hint: 'Somebody else writes to the target, or a trigger there does. Find out who, then copy the tables again: belt plan --restart.',
  })
}

function unsettled({ unsettled: tables }: CountReport): StoppedError {
  return new StoppedError(
    'verify-unsettled',
    `cannot compare ${tables.join(', ')}: truncated or rewritten again and again meanwhile`,
    {
      hint: 'Run the same command again when that has ended.',
    },
  )
}

function signed(delta: number): string {
  return delta < 0 ? String(delta) : `+${delta}`
}
