import type { Action } from '../../actions/action.js'
import type { Style } from '../text/style.js'
import { count, duration, listing } from '../text/quantity.js'
import { visible, visibleLines } from '../text/visible.js'
import { hang } from '../text/wrap.js'
import { approvalWords, type ShownApproval } from './approval-words.js'
import type { Batch } from './condense.js'
import { showsSql } from './sql-detail.js'
import { SIGNS } from './words.js'

/** `none`: no SQL; `default`: the SQL of what decides, shortened; `sql`: all SQL, whole. */
export type ActionDetail = 'none' | 'default' | 'sql'

const INDENT = '            '
const SQL_LINES = 12
const SQL_COLUMNS = 400

/** One action: sign, side and title, then what a reviewer has to know of it. */
export function actionText(
  action: Action,
  style: Style,
  detail: ActionDetail,
  approvals: readonly ShownApproval[] = [],
): readonly string[] {
  const head = `  ${SIGNS[action.operation]} ${action.side}  `
  const [first = head, ...rest] = hang(head, visible(action.title), style.width)
  const paint = style.operation[action.operation]
  const note = action.note === undefined ? [] : hang(INDENT, visible(action.note), style.width).map(style.dim)
  return [
    first.replace(SIGNS[action.operation], paint),
    ...rest,
    ...note,
    ...lockLines(action, style),
    ...action.hazards.flatMap((h) => [
      ...hazardLines(`${h.code}: ${h.message}`, style),
      ...approvalLines(approvalWords(approvals, action, h), style),
    ]),
    ...(detail === 'sql' || (detail === 'default' && showsSql(action)) ? sqlLines(action, style, detail) : []),
    ...(detail === 'none' ? [] : undoLines(action, style)),
  ]
}

/** Many actions alike in one line. */
export function batchText({ side, noun, actions }: Batch, style: Style): readonly string[] {
  const head = `  ${style.operation.create(SIGNS.create)} ${side}  `
  const named = actions.slice(0, 3).map((a) => visible(a.title))
  const [first = '', ...rest] = hang(INDENT, `for example ${listing(named)}`, style.width)
  return [`${head}${count(actions.length, `${noun} action`)}`, style.dim(first), ...rest.map(style.dim)]
}

function lockLines(action: Action, style: Style): readonly string[] {
  const { locks, timeouts } = action
  if (locks.length === 0) return []
  const names = [...new Set(locks.map((l) => `${l.mode} on ${l.relation}`))]
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  const wait = timeouts.lockMs === undefined ? '' : `, tried for ${duration(timeouts.lockMs / 1000)} at a time`
  return hang(`${INDENT}lock: `, visible(`${listing(shown)}${wait}`), style.width)
}

function hazardLines(text: string, style: Style): readonly string[] {
  const lines = hang(`${INDENT}hazard `, visible(text), style.width)
  return lines.map((line) => line.replace('hazard', () => style.severity.warning('hazard')))
}

function approvalLines(words: string | undefined, style: Style): readonly string[] {
  return words === undefined ? [] : hang(`${INDENT}       `, visible(words), style.width)
}

/**
 * Of what is risky: whoever stands in front of it at night should not have to look for the way back. Whole, with belt's own
 * records: a fence that is taken away without its record would not keep the point of no return from being passed.
 */
function undoLines({ hazards, undo, phase }: Action, style: Style): readonly string[] {
  if (hazards.length === 0 || undo === undefined) return []
  const until = phase === 'pause' ? ', only before the point of no return' : ''
  return [
    `${INDENT}undo${until}:`,
    ...visibleLines(undo)
      .split('\n')
      .map((line) => style.dim(`${INDENT}│ ${line}`)),
  ]
}

/** The note that belt leaves beside what it changes, and takes away with it; no reviewer decides on it. */
function isBookkeeping(statement: string): boolean {
  return /^(?:insert into|delete from) belt\.record /.test(statement)
}

function sqlLines(action: Action, style: Style, detail: ActionDetail): readonly string[] {
  const statements = detail === 'sql' ? action.sql : action.sql.filter((statement) => !isBookkeeping(statement))
  const lines = statements.flatMap((statement) => `${visibleLines(statement)};`.split('\n'))
  const whole = detail === 'sql' || (lines.length <= SQL_LINES && lines.every((l) => l.length <= SQL_COLUMNS))
  const shown = whole
    ? lines
    : lines.slice(0, SQL_LINES).map((l) => (l.length > SQL_COLUMNS ? `${l.slice(0, SQL_COLUMNS)} …` : l))
  const more = whole
    ? []
    : [`… shortened; --sql shows ${lines.length === 1 ? 'the whole line' : `all ${lines.length} lines`}`]
  return [...shown, ...more].map((line) => style.dim(`${INDENT}│ ${line}`))
}
