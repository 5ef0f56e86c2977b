import { quoteQualified } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedTables } from '../published-tables.js'
import { awaitCopyAction, copyEstimate } from '../await-copy.js'
import { brokenStream } from '../broken.js'
import type { Carrier } from '../carrier.js'
import { drainByMarker } from '../drain.js'
import { COPIED_ID } from '../ids.js'
import { setsOf } from '../sets.js'
import { settle } from '../settle.js'
import { tryDial, tryDialBefore } from '../try-dial.js'
import { directionActions } from './direction.js'
import { goOnPglogical, preparePglogicalReturn, retirePglogical, startPglogical, stopPglogical } from './handover.js'
import { setTablesId } from './ids.js'
import { pluginActions } from './output-plugin.js'
import { preflightPglogical } from './preflight.js'
import { redialPglogical, startAnew } from './redial.js'
import { dismantlePglogical, removePglogical } from './remove.js'
import { copiedAlone, forgottenTables, uncarriedTables } from './carried-tables.js'
import { obstaclesToResync } from './refuse-resync.js'
import { resyncPglogical } from './resync.js'
import { disableSql, enableSql } from './subscription.js'

/** The extension pglogical 2: nodes, replication sets and subscriptions of its own. */
export const pglogicalCarrier: Carrier = {
  preflight: preflightPglogical,
  broken: (context, publisher) => brokenStream(context, publisher, 'pglogical_output'),
  replicate: (context, after) => {
    // Nobody copies these until a plan can, and whoever waits for them would wait for ever.
    const forgotten = new Set(forgottenTables(context).map((t) => quoteQualified(t.schema, t.name)))
    const gate = awaitCopyAction(
      context,
      publishedTables(context).filter((t) => !forgotten.has(quoteQualified(t.schema, t.name))),
    )
    return {
      actions: [
        ...directionActions(context, 'source', true, after),
        { ...gate, after: [...gate.after, ...setsOf(context, 'source').map((set) => setTablesId('source', set))] },
      ],
      estimates: { [COPIED_ID]: copyEstimate(context) },
    }
  },
  copied: COPIED_ID,
  resync: { take: resyncPglogical, obstacles: obstaclesToResync, uncarried: uncarriedTables },
  redial: redialPglogical,
  retry: (context, publisher, after) => [
    // On the way to replicating it is planned with everything else that the direction needs.
    ...(context.spec.stage === 'replicating' ? [] : pluginActions(context, publisher, after)),
    ...startAnew(context, publisher, after),
  ],
  settle: (context, after) => {
    const { subscription } = context.names.forward
    return settle(context, after, [disableSql(subscription), enableSql(subscription)], copiedAlone(context))
  },
  tryDial: (context, publisher, after) => (mayTry(context, publisher) ? [tryDial(context, publisher, after)] : []),
  tryDialBefore: (context, handover) => (mayTry(context, handover.to) ? [tryDialBefore(context, handover)] : []),
  drain: drainByMarker,
  stop: stopPglogical,
  goOn: goOnPglogical,
  retire: retirePglogical,
  prepare: preparePglogicalReturn,
  // It forwards nothing that replication brought, so it has nothing to be moved past.
  begin: () => [],
  start: startPglogical,
  remove: removePglogical,
  dismantle: dismantlePglogical,
}

/** pglogical's admin needs no right to make Postgres' own subscriptions, which a provider may keep back. */
function mayTry(context: MigrationContext, publisher: Side): boolean {
  return context[otherSide(publisher)].me.mayCreateSubscription
}
