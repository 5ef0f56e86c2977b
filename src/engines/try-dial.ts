import type { TryDial } from '../actions/try-dial.js'
import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import { quoteIdent } from '../core/quote.js'
import { otherSide } from '../core/side.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from '../migration/context.js'
import { handoverMark, publishedFrom } from '../migration/direction.js'
import type { Handover } from '../migration/direction.js'
import { NOTHING_SPECIAL } from '../migration/draft.js'
import { conninfo, REPLICATION_PASSWORD } from './conninfo.js'

/**
 * The side that is to be fed dials the other: CREATE SUBSCRIPTION does so even when it makes no slot and starts nothing. A
 * firewall, a pg_hba line or a certificate takes longer to mend than anybody wants to wait before a cutover (rule 11). With
 * pglogical too, which has nothing that would dial and leave no trace: its worker takes the same way with the same login.
 */
export function tryDial(context: MigrationContext, publisher: Side, after: readonly ActionId[]): TryDial {
  const { names, spec } = context
  const subscriber = otherSide(publisher)
  const name = quoteIdent(`belt_dial_${names.lineage.slice(0, 8)}`)
  const { host, port } = spec[publisher].reachableAt
  const { publication } = publishedFrom(publisher, names)
  return {
    ...NOTHING_SPECIAL,
    kind: 'try-dial',
    id: actionId('dial', subscriber),
    side: subscriber,
    phase: 'verify',
    operation: 'gate',
    title: `the ${subscriber} reaches the ${publisher} at ${host}:${String(port)}`,
    note: 'As the subscription of the way back will. The one made for it starts nothing and is dropped in the same transaction.',
    sql: [
      `create subscription ${name} connection '${conninfo(context, publisher)}' publication ${quoteIdent(publication)} with (create_slot = false, slot_name = none, enabled = false, copy_data = false)`,
      `drop subscription ${name}`,
    ],
    after,
    secrets: [REPLICATION_PASSWORD],
    undo: 'nothing to undo',
    specPath: `${publisher}.reachable_at`,
    marks: [`reached ${publisher} at ${host}:${String(port)}`],
  }
}

/** Again before anything that may take hours, for a network changes. */
export function tryDialBefore(context: MigrationContext, handover: Handover): TryDial {
  const action = tryDial(context, handover.to, [])
  return { ...action, phase: 'before pause', marks: action.marks.map((m) => handoverMark(handover, m)) }
}
