import type { BeltRecord } from '../catalog/catalog.js'
import { actionId } from '../actions/base.js'
import type { ActionId } from '../actions/base.js'
import type { IndexedCatalog } from '../catalog/indexed.js'
import type { Side } from '../core/side.js'
import type { FenceBefore } from './fence-sql.js'

/** The fence of one side; its record on that side's server is the fence's own memory. */
export function fenceId(side: Side): ActionId {
  return actionId('fence', side)
}

/** The durable intent to open a side, noted on the other side's server: from then on there is no way back but through. */
export function openId(side: Side): ActionId {
  return actionId('open', side)
}

/** Noted on the target as it is opened, in the same transaction: its own word that it serves. */
export function openedId(side: Side): ActionId {
  return actionId('opened', side)
}

/** The side says itself that it was opened, and has not been closed since. */
export function isOpened(catalog: IndexedCatalog, lineage: string): boolean {
  const has = (action: ActionId): boolean => catalog.recordOf(lineage, action) !== undefined
  return has(openedId(catalog.side)) && !has(fenceId(catalog.side))
}

/**
 * Whether belt lets applications into a side, by the records on that side's own server. A target that was closed before
 * belt came has no record of a fence: it is open only when it says itself that belt has opened it.
 */
export function isOpenByRecords(side: Side, has: (action: ActionId) => boolean): boolean {
  return !has(fenceId(side)) && (side === 'source' || has(openedId(side)))
}

export function noReturnId(to: Side): ActionId {
  return actionId('no-return', to)
}

/** What stood on a side before the fence of a handover closed it; the target's first fence has a record of another sort. */
export function handoverFenceOf(catalog: IndexedCatalog, lineage: string): FenceBefore | undefined {
  const records = (catalog.records ?? []).filter((r) => r.lineage === lineage && r.action === fenceId(catalog.side))
  for (const record of records) {
    const before = fenceBeforeOf(record)
    if (before !== undefined) return before
  }
  return undefined
}

/** Reads the record of a fence; undefined when it is not one that this release wrote. */
export function fenceBeforeOf(record: Pick<BeltRecord, 'before'> | undefined): FenceBefore | undefined {
  const before = record?.before
  if (typeof before !== 'object' || before === null || !('method' in before) || !('acl' in before)) return undefined
  return before as FenceBefore
}
