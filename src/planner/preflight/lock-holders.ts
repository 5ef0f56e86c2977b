import type { Action } from '../../actions/action.js'
import { lockModeOf, locksConflict } from '../../actions/lock-conflict.js'
import type { LockMode } from '../../actions/base.js'
import type { HeldLock } from '../../catalog/activity.js'
import { counted } from '../../core/counted.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import { quoteQualified } from '../../core/quote.js'
import { SIDES } from '../../core/side.js'
import type { Side } from '../../core/side.js'
import type { MigrationContext } from '../../migration/context.js'
import { fenceId } from '../../migration/fence-record.js'
import { endSessionsId } from '../removal/end-sessions.js'

/** Sessions that hold a lock at this moment which an action of the plan would wait for. */
export function lockHolders(context: MigrationContext, actions: readonly Action[]): readonly Diagnostic[] {
  return SIDES.flatMap((side): readonly Diagnostic[] => {
    const held = context[side].activity.heldLocks ?? []
    if (held.length === 0) return []
    // Behind its fence nobody is left on a side.
    const isFenced = actions.some((a) => a.id === fenceId(side) && a.phase === 'pause')
    const free = (a: Action): boolean => !isFenced || (a.phase !== 'pause' && a.phase !== 'after pause')
    const wanted = wantedLocks(actions.filter((a) => a.side === side && free(a)))
    const waiting = held.filter((lock) => stands(lock, wanted))
    const byPid = new Map<number, HeldLock[]>()
    for (const lock of waiting) byPid.set(lock.pid, [...(byPid.get(lock.pid) ?? []), lock])
    const mayEnd = actions.some((a) => a.id === endSessionsId(side))
    return [...byPid.values()].map((locks) => holder(side, locks, mayEnd))
  })
}

function wantedLocks(actions: readonly Action[]): ReadonlyMap<string, ReadonlySet<LockMode>> {
  const wanted = new Map<string, Set<LockMode>>()
  for (const { mode, relation } of actions.flatMap((a) => a.locks)) {
    wanted.set(relation, (wanted.get(relation) ?? new Set()).add(mode))
  }
  return wanted
}

function stands(lock: HeldLock, wanted: ReadonlyMap<string, ReadonlySet<LockMode>>): boolean {
  const mode = lockModeOf(lock.mode)
  const modes = wanted.get(quoteQualified(lock.schema, lock.relation))
  return mode !== undefined && modes !== undefined && [...modes].some((m) => locksConflict(m, mode))
}

function holder(side: Side, locks: readonly HeldLock[], mayEnd: boolean): Diagnostic {
  const [first] = locks
  const { pid = 0, user = '', application = '', state = '', transactionSeconds = 0 } = first ?? {}
  const relations = [...new Set(locks.map((l) => quoteQualified(l.schema, l.relation)))]
  const shown = relations.slice(0, 3).join(', ')
  const more = relations.length > 3 ? ` and ${counted(relations.length - 3, 'more table')}` : ''
  const end = mayEnd
    ? `This plan ends it: ${endSessionsId(side)}.`
    : `Let its transaction end. belt waits for it and names it; it ends it only where a plan has the action ${endSessionsId(side)}, which approve must name.`
  return {
    severity: 'warning',
    code: 'lock-holder',
    side,
    subject: `pid ${String(pid)}`,
    message: `pid ${String(pid)} (${user}, ${application}, ${state} for ${String(Math.round(transactionSeconds))} s) holds locks on ${shown}${more} that this plan waits for`,
    fix: end,
  }
}
