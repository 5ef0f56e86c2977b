import { actionId } from '../../actions/base.js'
import type { Condition } from '../../actions/condition.js'
import type { Ensure } from '../../actions/ensure.js'
import { quoteIdent } from '../../core/quote.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { NOTHING_SPECIAL } from '../../migration/draft.js'
import type { Draft } from '../../migration/draft.js'
import { dropSlotSql, uncertainLeftovers } from './uncertain-leftovers.js'

/** Slots and publications of belt's carry the first eight digits of their migration's lineage. */
const OWN_NAME = /^belt_[a-z0-9_]*_([0-9a-f]{8})_[fr](?:_[iudt]+)?$/

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
      ...SIDES.flatMap((side) => [...slots(context, side), ...publications(context, side)]),
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
    .map(({ name }) =>
      drop(side, { is: 'slot', name, there: false }, dropSlotSql(name), {
        left: 'a migration that is gone',
        note: MARKED,
      }),
    )
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
