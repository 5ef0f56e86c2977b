import { visible, visibleLines } from '../text/visible.js'

/** Markup that is known to be safe: only `html` and `escapeHtml` make it. */
export interface Html {
  readonly markup: string
}

/** Text of one line as markup. */
export function escapeHtml(text: string): Html {
  return { markup: entities(visible(text)) }
}

/** Text of several lines as markup, for `pre`. */
export function escapeLines(text: string): Html {
  return { markup: entities(visibleLines(text)) }
}

/** A template whose values are escaped, unless they are markup already. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const markup = parts.map((part, index) => {
    const value = values[index]
    return value === undefined ? part : part + markupOf(value)
  })
  return { markup: markup.join('') }
}

function markupOf(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeHtml(value).markup
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map((item) => item.markup).join('')
}

function entities(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
