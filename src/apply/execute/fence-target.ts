import type { FenceTarget } from '../../actions/fence-target.js'
import { StoppedError } from '../../core/error.js'
import { readMayConnect } from '../../inspect/may-connect.js'
import type { Executor } from '../execute-context.js'
import { executePlain } from './plain.js'

/** A REVOKE that takes nothing only warns: so it is asked behind it whether the target is closed (rule 13). */
export const executeFenceTarget: Executor<FenceTarget> = async (action, context) => {
  const evidence = await executePlain(action, context)
  const left = await readMayConnect(context.work.target, [...action.admitted, ...(action.exempt ?? [])])
  if (left.length === 0) return evidence
  const more = left.length > 10 ? ` and ${String(left.length - 10)} more` : ''
  throw new StoppedError(
    'not-fenced',
    `the target could not be closed to ${left.slice(0, 10).join(', ')}${more}: a grant is left, or a membership lets them through`,
    { hint: 'Make a new plan: it says what lets them in. Who only looks may be named in target.preview_roles.' },
  )
}
