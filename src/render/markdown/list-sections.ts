import { approvalsShown, approvalWords } from '../plan/approval-words.js'
import type { Diagnostic, Severity } from '../../core/diagnostic.js'
import { sortDiagnostics } from '../../core/diagnostic.js'
import type { Plan } from '../../plan/plan.js'
import { estimateText, largestFirst } from '../plan/right-now-text.js'
import { count } from '../text/quantity.js'
import { code, details, prose, shorten } from './escape.js'
import type { Level } from './level.js'

const MARKS: Readonly<Record<Severity, string>> = { error: '🛑 error', warning: '⚠️ warning', info: 'ℹ️ info' }

export function findingsSection(plan: Plan, level: Level): readonly string[] {
  if (plan.diagnostics.length === 0) return []
  return [
    '#### Findings',
    list(
      sortDiagnostics(plan.diagnostics).map((d) => finding(d, level)),
      level,
    ),
  ]
}

function finding(d: Diagnostic, { itemLength }: Level): string {
  const side = d.side === undefined ? '' : ` (${d.side})`
  const fix = d.fix === undefined ? '' : ` Fix: ${prose(shorten(d.fix, itemLength))}`
  return `${MARKS[d.severity]} ${code(shorten(d.code, 80))}${side}: ${prose(shorten(d.message, itemLength))}${fix}`
}

/** Hazards apart from their actions, since they are what a reviewer decides on. */
export function hazardsSection(plan: Plan, level: Level): readonly string[] {
  const approvals = approvalsShown(plan)
  const hazards = plan.actions.flatMap((a) =>
    a.hazards.map((h) => ({ ...h, action: a.id, side: a.side, words: approvalWords(approvals, a, h) })),
  )
  if (hazards.length === 0) return []
  const items = hazards.map(
    (h) =>
      `${code(shorten(h.code, 80))} at ${code(shorten(h.action, level.itemLength))} (${h.side}): ${prose(shorten(h.message, level.itemLength))}${h.words === undefined ? '' : ` (${prose(shorten(h.words, level.itemLength))})`}`,
  )
  return ['#### Hazards', list(items, level)]
}

export function deferredSection(plan: Plan, level: Level): readonly string[] {
  if (plan.deferred.length === 0) return []
  const items = plan.deferred.map(
    (d) => `${code(shorten(d.what, level.itemLength))} until ${d.until}: ${prose(shorten(d.why, level.itemLength))}`,
  )
  return [details(`Left for later on purpose: ${count(items.length, 'thing')}`, list(items, level))]
}

/** What holds at the moment of planning only. */
export function rightNowSection(plan: Plan, level: Level): readonly string[] {
  const { volatile } = plan
  const copy =
    volatile.copyBytes + volatile.copyRows === 0
      ? []
      : [`to copy: ${estimateText({ rows: volatile.copyRows, bytes: volatile.copyBytes })}`]
  const work = largestFirst(plan)
    .slice(0, 8)
    .map(({ action, estimate }) => `${code(shorten(action.title, level.itemLength))}: ${estimateText(estimate)}`)
  const activity = volatile.activity.map((d) => finding(d, level))
  const items = [...copy, ...work, ...activity]
  if (items.length === 0) return []
  return [details(`Right now (${prose(shorten(volatile.createdAt, 40))}); changes by itself`, list(items, level))]
}

function list(items: readonly string[], { items: most }: Level): string {
  const more = items.length - most
  return [
    ...items.slice(0, most).map((item) => `- ${item}`),
    ...(more > 0 ? [`- … and ${more} more, left out here`] : []),
  ].join('\n')
}
