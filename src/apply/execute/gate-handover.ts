import type { GateHandover } from '../../actions/gate-handover.js'
import { StoppedError } from '../../core/error.js'
import { recentComparison } from '../comparison/recent.js'
import { readLag } from '../../inspect/lag.js'
import { readCopyProgress } from '../../inspect/copy-progress.js'
import type { Evidence } from '../../state/state.js'
import type { ExecuteContext, Executor } from '../execute-context.js'
import { demandStillFits, shapeOfBoth } from '../still-fits.js'
import { waitFor } from '../wait-for.js'

/** Waits, before anything is closed, until the pause can be expected to be short. */
export const executeGateHandover: Executor<GateHandover> = async (action, context) => {
  const ready = await waitFor(action, context, {
    look: async () => {
      const hindrances = await look(action, context)
      return hindrances.length === 0 ? { done: { ready: true } } : { standing: hindrances.join('\n') }
    },
    troubles: async () => ({ reasons: await look(action, context), blockers: [] }),
  })
  // Before the long look: what changes meanwhile is seen behind the hooks.
  const shape = await shapeOfBoth(context)
  await demandStillFits(context, 'at the gate')
  // Last, since waiting makes it older.
  return { ...ready, shape, ...(await rowsCompared(action, context)) }
}

/** What `cutover.verify` asks for was done, over this very stream, and is not too old. */
async function rowsCompared(
  { from, slot, compared: wanted }: GateHandover,
  context: ExecuteContext,
): Promise<Evidence> {
  if (wanted === undefined || wanted.tables.length === 0) return {}
  const found = await recentComparison({ from, slot, wanted }, context)
  if (found !== undefined && found.evidence.rowVerdict !== 'different') {
    return { comparedFrom: found.evidence.begunAt, comparedTo: found.at }
  }
  const why = found === undefined ? 'are not compared, or too long ago (cutover.verify_max_age)' : 'differ'
  throw new StoppedError('rows-not-compared', `the rows of both sides ${why}, so nothing is closed`, {
    hint: 'Run the same command again: it compares them first. If comparing takes longer than cutover.verify_max_age, raise that.',
  })
}

async function look(action: GateHandover, context: ExecuteContext): Promise<readonly string[]> {
  const from = context.watch[action.from]
  const to = context.watch[action.side]
  const hindrances: string[] = []
  const lag = await readLag(from, action.slot)
  if (lag === undefined) hindrances.push(`slot ${action.slot} is gone`)
  else if (!lag.active) hindrances.push(`nobody reads slot ${action.slot}`)
  else if (lag.bytes > action.maxLagBytes) hindrances.push(`the ${action.side} is ${String(lag.bytes)} bytes behind`)
  const open = (await readCopyProgress(to, action.subscription)).filter((t) => t.state !== 'ready')
  if (open.length > 0) hindrances.push(`${String(open.length)} tables are still being copied`)
  const { prepared } = await from.one<{ prepared: string }>(
    'select pg_catalog.count(*)::text as prepared from pg_catalog.pg_prepared_xacts as p where p.database = pg_catalog.current_database()',
  )
  if (prepared !== '0') hindrances.push(`${prepared} prepared transactions are open on the ${action.from}`)
  if (action.returningSlot !== undefined && (await readLag(to, action.returningSlot)) === undefined) {
    hindrances.push(`slot ${action.returningSlot} of the way back is not there`)
  }
  return hindrances
}
