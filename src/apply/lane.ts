import type { Action } from '../actions/action.js'
import type { LockMode } from '../actions/base.js'
import { quoteQualified } from '../core/quote.js'
import { locksConflict } from '../actions/lock-conflict.js'

/** What an action that may run beside others locks, by relation as quoted text. */
export type Claims = ReadonlyMap<string, LockMode>

/**
 * The locks of an action that may run beside others of its sort, each on a connection of its own; undefined for
 * every other action: those run one at a time, in the plan's order.
 */
export function claimsOf(action: Action): Claims | undefined {
  switch (action.kind) {
    case 'create-index': {
      const { schema, name } = action.table
      return new Map([[quoteQualified(schema, name), action.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE']])
    }
    case 'validate-constraint':
      return new Map([[quoteQualified(action.table.schema, action.table.name), 'SHARE UPDATE EXCLUSIVE']])
    case 'refresh-materialized-view':
      return new Map([[action.view.slice('materialized view '.length), 'ACCESS EXCLUSIVE']])
    case 'copy-rows':
      // It may take a constraint off for as long as it copies, from the tables below too.
      return new Map(action.locks.map((lock) => [lock.relation, lock.mode]))
    case 'analyze-tables':
      return new Map(action.tables.map((t) => [quoteQualified(t.schema, t.name), 'SHARE UPDATE EXCLUSIVE'] as const))
    default:
      return undefined
  }
}

export function claimsConflict(a: Claims, b: Claims): boolean {
  for (const [relation, mode] of a) {
    const other = b.get(relation)
    if (other !== undefined && locksConflict(mode, other)) return true
  }
  return false
}
