import type { RunHook } from '../../actions/run-hook.js'
import type { Executor } from '../execute-context.js'
import { runHook } from '../run-hook.js'

/** What it printed is shown and kept nowhere: it may hold what belt cannot know to be secret. */
export const executeRunHook: Executor<RunHook> = async (action, context) => {
  await context.fence()
  const { input, signal, cutShort } = context
  const emit: typeof context.emit = (happening) => context.emit(happening)
  await runHook(action, { input, emit, signal, again: cutShort.has(action.id) })
  return {}
}
