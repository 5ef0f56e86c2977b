import { actionId } from '../../actions/base.js'
import type { Status } from '../../render/status/status.js'
import type { Spec } from '../../spec/spec.js'
import type { State } from '../../state/state.js'

/**
 * Failures that nobody has seen to yet: those of the plan that was applied last. What another plan has been applied
 * since for was mended, planned anew or given up, and a hook that the spec has no more cannot fail any more.
 */
export function failedActions(state: State | undefined, spec: Pick<Spec, 'hooks'>): Status['failed'] {
  if (state === undefined) return []
  const hooks = new Set<string>(spec.hooks.map((h) => actionId('hook', h.moment.replaceAll('_', '-'), h.name)))
  return Object.entries(state.actions).flatMap(([action, { status, error, plan }]) => {
    if (status !== 'failed' || error === undefined || plan !== state.run?.plan) return []
    return action.startsWith('hook.') && !hooks.has(action) ? [] : [{ action, error }]
  })
}
