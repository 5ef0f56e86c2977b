import { isUnrecorded } from '../../plan/plan.js'
import type { Plan } from '../../plan/plan.js'
import { databaseText, journeyText } from '../plan/header-text.js'
import { totalsOf, totalsText } from '../plan/totals.js'
import { unrecordedText } from '../plan/unrecorded-text.js'
import { count, digits } from '../text/quantity.js'
import { visible } from '../text/visible.js'
import { code, prose, shorten } from './escape.js'
import { type Level, LEVELS } from './level.js'
import { actionSections } from './action-sections.js'
import { deferredSection, findingsSection, hazardsSection, rightNowSection } from './list-sections.js'

/** GitHub refuses a longer comment; the others allow more. */
export const MARKDOWN_LIMIT = 65_536

/** By this a script finds the comment of an earlier plan of the same migration. */
export function markdownMarker(name: string): string {
  return `<!-- belt-plan ${encodeURIComponent(visible(shorten(name, 200))).replaceAll('-', '%2D')} -->`
}

/**
 * A plan as a comment of at most 65,536 characters: the fullest form that fits, which says what it leaves out. What
 * decides (findings, hazards, totals) stays to the last.
 */
export function planMarkdown(plan: Plan, next: string): string {
  for (const level of LEVELS.filter((l) => leastLength(plan, l) <= MARKDOWN_LIMIT)) {
    const text = atLevel(plan, level, next)
    if (text.length <= MARKDOWN_LIMIT) return text
  }
  return bare(plan, next)
}

/** A quick lower bound, so that a plan of 10,000 tables is not written out only to be thrown away. */
function leastLength(plan: Plan, level: Level): number {
  const sum = (lengths: readonly number[]): number => lengths.reduce((a, b) => a + b, 0)
  const sql = level.sql === 'all' ? sum(plan.actions.flatMap((a) => a.sql.map((s) => s.length))) : 0
  const titles = level.count === 'nothing' ? sum(plan.actions.map((a) => a.title.length)) : 0
  const findings =
    level.items < plan.diagnostics.length
      ? 0
      : sum(plan.diagnostics.map((d) => Math.min(d.message.length, level.itemLength)))
  return sql + titles + findings
}

function atLevel(plan: Plan, level: Level, next: string): string {
  const sections = [
    ...header(plan),
    ...leftOut(level.left),
    ...findingsSection(plan, level),
    ...hazardsSection(plan, level),
    ...actionSections(plan, level),
    ...deferredSection(plan, level),
    ...rightNowSection(plan, level),
    `Next: ${code(next)}`,
  ]
  return `${sections.join('\n\n')}\n`
}

/** For a plan that fits in no other form. */
function bare(plan: Plan, next: string): string {
  const left = 'everything but these totals'
  return `${[...header(plan), ...leftOut(left), `Next: ${code(shorten(next, 500))}`].join('\n\n')}\n`
}

function header(plan: Plan): readonly string[] {
  return [
    markdownMarker(plan.name),
    `### belt plan: ${code(shorten(plan.name, 100))}, ${journeyText(plan)}`,
    `**${summary(plan)}**`,
    [
      `- source: ${prose(shorten(databaseText(plan.source), 400))}`,
      `- target: ${prose(shorten(databaseText(plan.target), 400))}`,
      `- engine: ${plan.engine}`,
    ].join('\n'),
  ]
}

function summary(plan: Plan): string {
  const errors = plan.diagnostics.filter((d) => d.severity === 'error').length
  if (errors > 0)
    return `${count(errors, 'error')}: nothing can be applied until ${errors === 1 ? 'it is' : 'they are'} fixed.`
  if (isUnrecorded(plan)) return unrecordedText(plan)
  return plan.actions.length > 0 ? `Plan: ${totalsText(totalsOf(plan))}.` : 'No changes.'
}

function leftOut(left: string | undefined): readonly string[] {
  if (left === undefined) return []
  return [
    `> Left out here because a comment holds ${digits(MARKDOWN_LIMIT)} characters: ${left}. ${code('belt show')} shows the saved plan whole.`,
  ]
}
