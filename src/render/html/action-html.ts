import type { Action } from '../../actions/action.js'
import { estimateText } from '../plan/right-now-text.js'
import { approvalWords, type ShownApproval } from '../plan/approval-words.js'
import type { Estimate } from '../../plan/plan.js'
import { SIGNS } from '../plan/words.js'
import { escapeLines, html, type Html } from './escape.js'

/** One action with all there is to know of it; the SQL is to be unfolded. */
export function actionHtml(action: Action, estimate: Estimate | undefined, approvals: readonly ShownApproval[]): Html {
  const { operation, side, title } = action
  return html`<li id="${action.id}">
    <span class="sign ${operation}">${SIGNS[operation]}</span><span class="side">${side}</span>
    <span class="title">${title}</span>${aboutHtml(action, estimate, approvals)}
  </li> `
}

function aboutHtml(
  action: Action,
  estimate: Estimate | undefined,
  approvals: readonly ShownApproval[],
): readonly Html[] {
  const { locks, note, undo } = action
  const more = (content: Html): Html => html`<div class="more">${content}</div>`
  return [
    ...(note === undefined ? [] : [more(html`${note}`)]),
    ...locks.map((lock) => more(html`lock: ${lock.mode} on ${lock.relation}`)),
    ...action.hazards.flatMap((h) => {
      const words = approvalWords(approvals, action, h)
      return [
        more(html`<span class="hazard">hazard ${h.code}: ${h.message}</span>`),
        ...(words === undefined ? [] : [more(html`${words}`)]),
      ]
    }),
    ...(estimate === undefined ? [] : [more(html`estimate at planning time: ${estimateText(estimate)}`)]),
    ...(action.sql.length === 0 ? [] : [more(sqlHtml(action))]),
    ...(undo === undefined
      ? []
      : [
          more(
            html`<details>
              <summary>undo</summary>
              <pre>${escapeLines(undo)}</pre>
            </details>`,
          ),
        ]),
  ]
}

function sqlHtml(action: Action): Html {
  const how = action.transaction === 'one' ? 'in one transaction' : 'outside a transaction'
  const text = action.sql.map((statement) => `${statement};`).join('\n')
  return html`<details>
    <summary>SQL, ${how}</summary>
    <pre>${escapeLines(text)}</pre>
  </details>`
}
