import type { AwaitCopy } from '../../actions/await-copy.js'
import type { QualifiedName } from '../../catalog/schema-script.js'
import { StoppedError } from '../../core/error.js'
import { quoteQualified } from '../../core/quote.js'
import { readCopyProgress } from '../../inspect/copy-progress.js'
import type { TableCopyProgress } from '../../inspect/table-copy-progress.js'
import { copyStatus } from '../copy-status.js'
import type { CopySizes } from '../copy-status.js'
import type { ExecuteContext, Executor } from '../execute-context.js'
import { PhaseClock } from '../phase-clock.js'
import { readTableSizes } from '../table-sizes.js'
import { readSubscriber } from '../subscriber.js'
import { replicationTroubles } from '../replication-troubles.js'
import { waitFor } from '../wait-for.js'
import type { Troubles } from '../wait-for.js'

/** Waits until every table is copied and streams, telling how far each is and why one does not get on. */
export const executeAwaitCopy: Executor<AwaitCopy> = async (action, context) => {
  const sizes = await readTableSizes(context.watch.source, action.tables)
  const clock = new PhaseClock()
  const started = performance.now()
  let lost = 0
  return waitFor(action, context, {
    look: async () => {
      const progress = await readCopyProgress(context.watch.target, action.subscription, action.tables)
      checkComplete(action, progress)
      const arrived = await arrivedBytes(progress, context)
      const status = copyStatus(action.tables, progress, sizes, arrived)
      const { ready, tables, doneBytes, totalBytes } = status
      if (ready === action.tables.length) {
        return { done: { tables: ready, bytes: totalBytes, seconds: Math.round((performance.now() - started) / 1000) } }
      }
      lost = (await isLost(action, context)) ? lost + 1 : 0
      if (lost >= LOST_LOOKS) throw copyLost(action)
      const etaSeconds = clock.eta('copy', doneBytes, totalBytes)
      const detail = `${ready} of ${action.tables.length} tables`
      context.emit({
        type: 'action-progress',
        action: action.id,
        unit: 'bytes',
        done: doneBytes,
        total: totalBytes,
        etaSeconds,
        detail,
        tables,
      })
      return { standing: status.standing }
    },
    troubles: () => troubles(action, context),
    pollMs: 1_000,
  })
}

/** One look may fall between two workers. */
const LOST_LOOKS = 3

async function isLost({ subscription }: AwaitCopy, { watch }: ExecuteContext): Promise<boolean> {
  return (await readSubscriber(watch.target, subscription))?.copyLost === true
}

function copyLost({ subscription }: AwaitCopy): StoppedError {
  return new StoppedError(
    'copy-lost',
    `the worker of subscription ${subscription} has ended within the initial copy, and pglogical cannot go on with it`,
    {
      hint: 'belt status says why as far as the log of the target server tells. Remove the cause, then copy again: belt plan --restart.',
    },
  )
}

/** A table in the publication that the subscription has not taken up would be waited for for ever. */
function checkComplete(action: AwaitCopy, progress: readonly TableCopyProgress[]): void {
  const has = new Set(progress.map((p) => quoteQualified(p.schema, p.name)))
  const missing = action.tables.map((t) => quoteQualified(t.schema, t.name)).filter((name) => !has.has(name))
  if (missing.length === 0) return
  const shown = missing.slice(0, 5).join(', ')
  throw new StoppedError(
    'subscription-incomplete',
    `subscription ${action.subscription} does not carry ${missing.length} of the tables: ${shown}${missing.length > 5 ? ', …' : ''}`,
    { hint: 'Make a new plan: it refreshes the subscription, or makes it when it is gone.' },
  )
}

/** Before 14 there is no view of running copies; then the growing file tells. */
async function arrivedBytes(progress: readonly TableCopyProgress[], context: ExecuteContext): Promise<CopySizes> {
  const session = context.watch.target
  const copying: readonly QualifiedName[] = progress.filter((p) => p.state === 'data')
  return session.major >= 14 || copying.length === 0 ? new Map() : readTableSizes(session, copying)
}

async function troubles(action: AwaitCopy, context: ExecuteContext): Promise<Troubles> {
  const { reasons, blockers } = await replicationTroubles(action, context)
  const progress = await readCopyProgress(context.watch.target, action.subscription, action.tables)
  const open = progress
    .filter((p) => p.state !== 'ready')
    .map((p) => `${quoteQualified(p.schema, p.name)} (${p.state})`)
  const waiting =
    open.length === 0
      ? []
      : [`not ready: ${open.slice(0, 5).join(', ')}${open.length > 5 ? ` and ${open.length - 5} more` : ''}`]
  return { reasons: [...reasons, ...waiting], blockers }
}
