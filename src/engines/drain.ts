import type { Action } from '../actions/action.js'
import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import type { Drain } from '../actions/drain.js'
import { quoteIdent } from '../core/quote.js'
import type { MigrationContext } from '../migration/context.js'
import { fenceHolds, fencedMark } from '../migration/direction.js'
import type { Handover } from '../migration/direction.js'
import { NOTHING_SPECIAL } from '../migration/draft.js'
import { BELT_SCHEMA } from '../migration/scope.js'

/** A marker row is committed on the fenced side; seen on the other, everything before it is there (rule 17). */
export function drainByMarker(
  context: MigrationContext,
  handover: Handover,
  after: readonly ActionId[],
): readonly Action[] {
  const { from, to, streaming } = handover
  return [
    {
      ...NOTHING_SPECIAL,
      kind: 'drain',
      id: actionId('drain', from),
      side: from,
      phase: 'pause',
      operation: 'gate',
      title: `every change of the ${from} is on the ${to}`,
      note: 'A marker row is committed and waited for: whatever was committed before it arrives before it.',
      sql: [markerSql(context.names.markerTable)],
      after,
      receiver: to,
      markerTable: context.names.markerTable,
      slot: streaming.slot,
      subscription: streaming.subscription,
      marks: fenceHolds(context.spec.cutover.fence) ? [fencedMark(handover, 'drained')] : [],
    },
  ]
}

/**
 * The same outside a handover: the target's worker has applied, or passed over, everything that was committed on the source
 * before. Not waited for any more once `unless` holds.
 */
export function passedByMarker(
  { names }: MigrationContext,
  step: Pick<Drain, 'id' | 'phase' | 'title' | 'note' | 'after'> & Pick<Required<Drain>, 'unless'>,
): Drain {
  return {
    ...NOTHING_SPECIAL,
    kind: 'drain',
    side: 'source',
    operation: 'gate',
    sql: [markerSql(names.markerTable)],
    receiver: 'target',
    markerTable: names.markerTable,
    slot: names.forward.slot,
    subscription: names.forward.subscription,
    marks: [],
    ...step,
  }
}

function markerSql(markerTable: string): string {
  const table = `${BELT_SCHEMA}.${quoteIdent(markerTable)}`
  return `insert into ${table} (id, at) values (1, pg_catalog.clock_timestamp()) on conflict (id) do update set at = excluded.at`
}
