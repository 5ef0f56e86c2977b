import type { CreateSlot } from '../../actions/create-slot.js'
import { factKey } from '../../catalog/facts.js'
import { quoteLiteral } from '../../core/quote.js'
import { otherSide } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { publishedFrom } from '../../migration/direction.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import { publicationId, slotId } from '../ids.js'
import { setsOf } from '../sets.js'

/** The slot is an action of its own: made by CREATE SUBSCRIPTION it would wait where nobody sees for whom (rule 8). */
export function slotAction(context: MigrationContext, publisher: Side): CreateSlot {
  const { names, spec } = context
  const { slot } = publishedFrom(publisher, names)
  const failover = spec.replicate.failover && context[publisher].server.major >= 17 ? ', false, false, true' : ''
  return {
    ...NOTHING_SPECIAL,
    kind: 'create-slot',
    id: slotId(publisher),
    side: publisher,
    phase: 'replication',
    operation: 'create',
    title: `replication slot ${slot}`,
    note: `Waits for every write transaction and prepared transaction of the whole ${publisher} cluster.`,
    sql: [`select pg_catalog.pg_create_logical_replication_slot(${quoteLiteral(slot)}, 'pgoutput'${failover})`],
    transaction: 'none',
    after: setsOf(context, publisher).map((set) => publicationId(publisher, set)),
    reads: [factKey(publisher, `slot ${slot}`)],
    timeouts: { statementMs: 60_000 },
    hazards: [
      {
        code: 'retains-wal',
        message: `from here on the ${publisher} keeps its log until the ${otherSide(publisher)} has confirmed it`,
      },
    ],
    undo: `select pg_catalog.pg_drop_replication_slot(${quoteLiteral(slot)})`,
    slot,
    plugin: 'pgoutput',
  }
}
