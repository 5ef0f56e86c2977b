import { actionId } from '../../actions/base.js'
import type { Condition } from '../../actions/condition.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent, quoteLiteral } from '../../core/quote.js'
import { otherSide, SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { uncertainLeftovers } from './uncertain-leftovers.js'

/** Slots and publications of belt's carry the first eight digits of their migration's lineage. */
const OWN_NAME = /^belt_[a-z0-9_]*_([0-9a-f]{8})_[fr]$/
/** Of the worker that copies one table: subscription, table, and cluster of the subscriber (from 14 on). */
const SYNC_NAME = /^pg_([0-9]+)_sync_[0-9]+_([0-9]+)$/

/**
 * What an earlier migration left in either database: a slot keeps log until the disk is full. A migration makes its
 * marker table before anything else and drops it last, so what bears the mark of a table that is not there belongs to
 * none. A slot that somebody reads all the same is left alone. What cannot be proven to be nobody's is only told of,
 * unless the spec approves that it goes.
 */
export function planLeftovers(context: MigrationContext): Draft {
  const uncertain = uncertainLeftovers(context)
  return {
    actions: [
      ...SIDES.flatMap((side) => [
        ...slots(context, side),
        ...copySlots(context, side),
        ...publications(context, side),
      ]),
      ...uncertain.actions,
    ],
    diagnostics: uncertain.diagnostics ?? [],
  }
}

function isDead(name: string, { names, ...sides }: MigrationContext, side: Side): boolean {
  const mark = OWN_NAME.exec(name)?.[1]
  if (mark === undefined || names.lineage.startsWith(mark)) return false
  return !sides[side].beltTables.includes(`marker_${mark}`)
}

function slots(context: MigrationContext, side: Side): readonly Ensure[] {
  const { database, slots: all } = context[side]
  return all
    .filter((s) => s.database === database.name && isDead(s.name, context, side))
    .map(({ name }) => dropSlot(side, name, 'a migration that is gone', MARKED))
}

/** The cluster of the other side is the subscriber, and has no such subscription any more. */
function copySlots(context: MigrationContext, side: Side): readonly Ensure[] {
  const { database, slots: all } = context[side]
  const { server, subscriptionOids } = context[otherSide(side)]
  if (subscriptionOids === undefined || context.inspection.gone !== undefined) return []
  return all
    .filter((s) => {
      const [, oid, cluster] = SYNC_NAME.exec(s.name) ?? []
      return (
        s.database === database.name &&
        !s.volatile.active &&
        cluster === server.systemIdentifier &&
        oid !== undefined &&
        !subscriptionOids.includes(oid)
      )
    })
    .map(({ name }) => dropSlot(side, name, 'a copy whose subscription is gone', COPIED))
}

function dropSlot(side: Side, name: string, left: string, note: string): Ensure {
  const sql = `select pg_catalog.pg_drop_replication_slot(s.slot_name) from pg_catalog.pg_replication_slots as s where s.slot_name = ${quoteLiteral(name)} and not s.active`
  return drop(side, { is: 'slot', name, there: false }, sql, { left, note })
}

function publications(context: MigrationContext, side: Side): readonly Ensure[] {
  return context[side].publications
    .filter((p) => isDead(p.name, context, side))
    .map(({ name }) =>
      drop(side, { is: 'publication', name, there: false }, `drop publication ${quoteIdent(name)}`, {
        left: 'a migration that is gone',
        note: MARKED,
      }),
    )
}

const MARKED = 'belt made it; the table that every migration keeps until its end is not there any more.'
const COPIED = 'Postgres made it to copy a table; the subscription that it names is not on the other server any more.'

function drop(
  side: Side,
  gone: Extract<Condition, { is: 'slot' | 'publication' }>,
  sql: string,
  { left, note }: { readonly left: string; readonly note: string },
): Ensure {
  return {
    ...NOTHING_SPECIAL,
    kind: 'ensure',
    id: actionId('drop', 'leftover', gone.is, side, gone.name),
    side,
    phase: 'remove',
    operation: 'drop',
    title: `${gone.is} ${quoteIdent(gone.name)}, left by ${left}`,
    note,
    sql: [sql],
    transaction: 'none',
    wants: [gone],
  }
}
