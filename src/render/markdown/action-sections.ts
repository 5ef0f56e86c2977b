import type { Action } from '../../actions/action.js'
import type { Plan } from '../../plan/plan.js'
import { actionText, batchText } from '../plan/action-text.js'
import { linesOf, nounOf } from '../plan/condense.js'
import { planSections } from '../plan/plan-sections.js'
import { showsSql } from '../plan/sql-detail.js'
import { LEGEND, SIGNS } from '../plan/words.js'
import { count } from '../text/quantity.js'
import { textStyle } from '../text/style.js'
import { visible, visibleLines } from '../text/visible.js'
import { block, details } from './escape.js'
import type { Level } from './level.js'

const STYLE = textStyle(false, 110)

/** The actions under the headings of their phases. */
export function actionSections(plan: Plan, level: Level): readonly string[] {
  const sections = planSections(plan).flatMap(({ title, actions }) => [
    `#### ${title}`,
    listed(actions, level),
    ...sqlOf(actions, level),
  ])
  return sections.length === 0 ? [] : [`<sub>${LEGEND}</sub>`, ...sections]
}

function listed(actions: readonly Action[], level: Level): string {
  if (level.count === 'everything') return block('diff', counted(actions))
  const lines = linesOf(actions, level.count === 'routine').flatMap((line) =>
    'action' in line ? actionText(line.action, STYLE, 'none') : batchText(line.batch, STYLE),
  )
  // The sign in the first column is what gives a diff its colours.
  return block(
    'diff',
    lines.map((line) => line.slice(2)),
  )
}

function counted(actions: readonly Action[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const action of actions) {
    const key = `${SIGNS[action.operation]} ${action.side}  ${visible(nounOf(action))}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, n]) => `${key}: ${count(n, 'action')}`)
}

function sqlOf(actions: readonly Action[], level: Level): readonly string[] {
  if (level.sql === 'none') return []
  const shown = actions.filter((a) => a.sql.length > 0 && (level.sql === 'all' || showsSql(a)))
  if (shown.length === 0) return []
  const lines = shown.flatMap((action) => [
    `-- ${visible(action.id)} (${action.side})`,
    ...action.sql.flatMap((statement) => `${visibleLines(statement)};`.split('\n')),
    '',
  ])
  return [details(`SQL of ${count(shown.length, 'action')}`, block('sql', lines.slice(0, -1)))]
}
