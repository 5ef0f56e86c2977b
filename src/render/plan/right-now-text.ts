import type { Action } from '../../actions/action.js'
import type { Estimate, Plan } from '../../plan/plan.js'
import { diagnosticsText } from '../diagnostics-text.js'
import { bytes, count, duration } from '../text/quantity.js'
import type { Style } from '../text/style.js'
import { visible } from '../text/visible.js'
import { hang } from '../text/wrap.js'
import { SIGNS } from './words.js'

const LONGEST = 8

/** What holds at the moment of planning only: sizes, rough times, who stands in the way. */
export function rightNowText(plan: Plan, style: Style): readonly string[] {
  const { volatile } = plan
  const size = volatile.copyBytes === 0 && volatile.copyRows === 0 ? [] : [copyLine(plan)]
  const lines = [...size, ...estimateLines(plan, style)]
  const activity = diagnosticsText(volatile.activity, style)
  if (lines.length === 0 && activity.length === 0) return []
  return [style.bold(`Right now (${visible(volatile.createdAt)}); changes by itself`), ...lines, ...activity]
}

function copyLine({ volatile }: Plan): string {
  return `  to copy: ${estimateText({ rows: volatile.copyRows, bytes: volatile.copyBytes })}`
}

function estimateLines(plan: Plan, style: Style): readonly string[] {
  const estimated = largestFirst(plan)
  const shown = estimated.slice(0, LONGEST)
  const more = estimated.length - shown.length
  return [
    ...(shown.length === 0 ? [] : ['  largest pieces of work:']),
    ...shown.flatMap(({ action, estimate }) =>
      hang(`    ${SIGNS[action.operation]} `, `${visible(action.title)}: ${estimateText(estimate)}`, style.width),
    ),
    ...(more === 0 ? [] : [`    and ${count(more, 'smaller one')}`]),
  ]
}

interface Estimated {
  readonly action: Action
  readonly estimate: Estimate
}

/** Actions of the plan with an estimate, the largest work first. */
export function largestFirst({ actions, volatile }: Plan): readonly Estimated[] {
  const size = (e: Estimate): number => (e.seconds ?? 0) * 1e9 + (e.bytes ?? 0) + (e.rows ?? 0)
  return actions
    .flatMap((action) => {
      const estimate = volatile.estimates[action.id]
      return estimate !== undefined && size(estimate) > 0 ? [{ action, estimate }] : []
    })
    .sort((a, b) => size(b.estimate) - size(a.estimate))
}

/** `about 12,000 rows, 1.86 GB, 40 s`. Tables that were never analysed count no rows. */
export function estimateText(estimate: Estimate): string {
  return [
    ...(!estimate.rows ? [] : [`about ${count(estimate.rows, 'row')}`]),
    ...(!estimate.bytes ? [] : [bytes(estimate.bytes)]),
    ...(estimate.seconds === undefined
      ? []
      : [estimate.seconds < 1 ? 'under a second' : `about ${duration(estimate.seconds)}`]),
  ].join(', ')
}
