import type { Action } from '../actions/action.js'
import type { ActionId, ProbeResult } from '../actions/base.js'

/**
 * Leaves out what is done already. What waited for such an action waits for that action's own predecessors instead,
 * so the order among the rest stays as it was; ids that name nothing are dropped. Throws RangeError as inExecutionOrder.
 */
export function withoutDone(actions: readonly Action[], probe: (action: Action) => ProbeResult): readonly Action[] {
  const done = new Set(actions.filter((a) => probe(a) === 'done').map((a) => a.id))
  // What to wait for instead of an id; filled in execution order, so that what an action waits for is known by then.
  const instead = new Map<ActionId, readonly ActionId[]>()
  for (const { id, after } of inExecutionOrder(actions)) {
    instead.set(id, done.has(id) ? through(after, instead) : [id])
  }
  return actions.filter((a) => !done.has(a.id)).map((action) => ({ ...action, after: through(action.after, instead) }))
}

function through(after: readonly ActionId[], instead: ReadonlyMap<ActionId, readonly ActionId[]>): readonly ActionId[] {
  return [...new Set(after.flatMap((id) => instead.get(id) ?? []))]
}

/** An order in which the actions can run: as given, but none before what it waits for. Throws RangeError on a cycle. */
export function inExecutionOrder(actions: readonly Action[]): readonly Action[] {
  const byId = new Map(actions.map((a) => [a.id, a]))
  if (byId.size !== actions.length) throw new RangeError(`two actions share an id: ${duplicateId(actions)}`)
  const placed = new Set<ActionId>()
  const open = new Set<ActionId>()
  const ordered: Action[] = []
  for (const first of actions) {
    // An explicit stack: a chain of 60,000 actions would overflow the call stack.
    const stack: Action[] = [first]
    for (let action = stack.at(-1); action; action = stack.at(-1)) {
      if (placed.has(action.id)) {
        stack.pop()
        continue
      }
      const waiting = action.after.map((id) => byId.get(id)).filter((a) => a !== undefined && !placed.has(a.id))
      const next = waiting[0]
      if (next === undefined) {
        placed.add(action.id)
        open.delete(action.id)
        ordered.push(action)
        stack.pop()
        continue
      }
      if (open.has(action.id) && open.has(next.id))
        throw new RangeError(`actions wait for each other: ${action.id}, ${next.id}`)
      open.add(action.id)
      stack.push(next)
    }
  }
  return ordered
}

function duplicateId(actions: readonly Action[]): string {
  const seen = new Set<ActionId>()
  for (const { id } of actions) {
    if (seen.has(id)) return id
    seen.add(id)
  }
  return '?'
}
