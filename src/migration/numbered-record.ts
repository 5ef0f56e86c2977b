import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import type { Side } from '../core/side.js'
import type { MigrationContext } from './context.js'

/**
 * The record of something that leaves no other trace in a catalog and may have to be done again: one more than the last
 * of its kind, so that an earlier one does not stand for it. A plan that was carried out does nothing when it is
 * applied once more.
 */
export function numberedRecord(context: MigrationContext, side: Side, word: string): ActionId {
  const numbers = (context[side].records ?? []).map((r) => {
    const [, kind, number] = r.lineage === context.names.lineage ? (/^(.*)\.(\d+)$/s.exec(r.action) ?? []) : []
    return kind === word ? Number(number) : 0
  })
  return actionId(word, String(Math.max(0, ...numbers) + 1))
}
