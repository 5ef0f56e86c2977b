import type { Action } from '../actions/action.js'
import type { ActionId } from '../actions/base.js'
import type { RunHook } from '../actions/run-hook.js'
import { factKey } from '../catalog/facts.js'
import type { SavedPlan } from '../plan/plan-file.js'
import type { StaleFact } from '../plan/staleness.js'
import type { Spec } from '../spec/spec.js'
import type { State } from '../state/state.js'

/** Hooks that this very plan has run to their end and that no giving up has made worth running again. */
export function hooksDone({ plan, digest }: SavedPlan, state: State): ReadonlySet<ActionId> {
  const done = (hook: RunHook): boolean => {
    const record = state.actions[hook.id]
    const ended = record?.plan === digest && record.status === 'done'
    return ended && hook.marks.every((mark) => state.marks[mark] !== undefined)
  }
  return new Set(plan.actions.flatMap((a) => (a.kind === 'run-hook' && done(a) ? [a.id] : [])))
}

/** Hooks among these whose file is no longer the one that was reviewed. */
export function staleHooks(actions: readonly Action[], spec: Spec): readonly StaleFact[] {
  return actions.flatMap((action): readonly StaleFact[] => {
    if (action.kind !== 'run-hook' || action.file === undefined) return []
    const { path, digest } = action.file
    const now = spec.hooks.find((h) => h.moment === action.moment && h.name === action.hook)
    const samePath = now !== undefined && ('sql' in now.run ? now.run.sql : now.run.command[0]) === path
    if (samePath && now.file?.digest === digest) return []
    return [
      { action: action.id, fact: factKey(action.side, `hook file ${path}`), change: samePath ? 'changed' : 'gone' },
    ]
  })
}
