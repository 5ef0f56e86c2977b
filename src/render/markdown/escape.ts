import { visible } from '../text/visible.js'

/** An empty comment: nothing is shown, but words on both sides of it no longer make a mention, a reference or a link. */
const GAP = '<!-- -->'

/** Words of which no character means anything to Markdown or HTML, and that mention, link and close nothing. */
export function prose(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+!|~>$^=-]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/@|\\#/g, `$&${GAP}`)
    .replace(/:(?=\/\/)|\b(www|GH|https?|ftp)(?=[.:-]|\\-)/gi, `$&${GAP}`)
    .replace(/\b[0-9a-f]{7,40}\b/gi, (hash) => hash.slice(0, 4) + GAP + hash.slice(4))
}

/** Text in an inline code span, whatever backticks it holds. */
export function code(text: string): string {
  const shown = visible(text)
  const fence = '`'.repeat(longestRun(shown) + 1)
  return /^`|`$|^ +$/.test(shown) ? `${fence} ${shown} ${fence}` : fence + shown + fence
}

/** Lines in a fenced block, whatever fences they hold. Lines must be free of control characters. */
export function block(language: string, lines: readonly string[]): string {
  const text = lines.join('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}${language}\n${text}\n${fence}`
}

/** Something to unfold. `summary` must be escaped already. */
export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`
}

export function shorten(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
}
