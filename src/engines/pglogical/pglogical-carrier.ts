import { isPublished, publishedTables } from '../published-tables.js'
import { awaitCopyAction } from '../await-copy.js'
import { brokenStream } from '../broken.js'
import type { Carrier } from '../carrier.js'
import { drainByMarker } from '../drain.js'
import { COPIED_ID } from '../ids.js'
import { settle } from '../settle.js'
import { directionActions } from './direction.js'
import { goOnPglogical, preparePglogicalReturn, retirePglogical, startPglogical, stopPglogical } from './handover.js'
import { setTablesId } from './ids.js'
import { preflightPglogical } from './preflight.js'
import { redialPglogical, startAnew } from './redial.js'
import { dismantlePglogical, removePglogical } from './remove.js'
import { disableSql, enableSql } from './subscription.js'

/** The extension pglogical 2: nodes, replication sets and subscriptions of its own. */
export const pglogicalCarrier: Carrier = {
  preflight: preflightPglogical,
  broken: (context, publisher) => brokenStream(context, publisher, 'pglogical_output'),
  replicate: (context, after) => {
    const copied = context.scope.tables.filter(isPublished)
    const bytes = copied.reduce((sum, t) => sum + t.table.volatile.bytes, 0)
    const rows = copied.reduce((sum, t) => sum + Math.max(0, t.table.volatile.rows), 0)
    const gate = awaitCopyAction(context, publishedTables(context))
    return {
      actions: [
        ...directionActions(context, 'source', true, after),
        { ...gate, after: [...gate.after, setTablesId('source')] },
      ],
      estimates: { [COPIED_ID]: { rows, bytes } },
    }
  },
  copied: COPIED_ID,
  // alter_subscription_resynchronize_table, interrupted behind the emptying, was seen not to come to its end.
  resync: undefined,
  redial: redialPglogical,
  retry: startAnew,
  settle: (context, after) => {
    const { subscription } = context.names.forward
    return settle(context, after, [disableSql(subscription), enableSql(subscription)])
  },
  // Its way back is made before the pause, over a connection that pglogical dials itself.
  tryDial: () => [],
  tryDialBefore: () => [],
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
