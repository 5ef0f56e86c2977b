import type { Boundary } from '../apply/apply-input.js'
import type { Action } from '../actions/action.js'
import { UsageError } from '../core/error.js'

const POINTS: readonly Boundary[] = ['before-intent', 'after-intent', 'after-sql', 'after-record']

/**
 * For tests: BELT_FAULT=`after-sql:slot.source` or `after-sql:3` calls `die` when apply crosses that point of that
 * action, or of the third that crosses it. CONTRIBUTING.md says how tests use it.
 */
export function faultFrom(
  text: string | undefined,
  die: () => void,
): ((point: Boundary, action: Action) => void) | undefined {
  if (text === undefined || text === '') return undefined
  const colon = text.indexOf(':')
  const wanted = POINTS.find((point) => point === text.slice(0, colon))
  const which = text.slice(colon + 1)
  if (wanted === undefined || which === '') {
    throw new UsageError('fault', `BELT_FAULT is for tests: <${POINTS.join('|')}>:<action id or number>, not ${text}`)
  }
  const nth = /^\d+$/.test(which) ? Number(which) : undefined
  let crossed = 0
  return (point, action) => {
    if (point !== wanted) return
    crossed += 1
    if (nth === undefined ? action.id === which : crossed === nth) die()
  }
}
