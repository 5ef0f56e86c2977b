/** A place within one SQL statement, 1-based. */
export interface StatementPlace {
  readonly line: number
  readonly column: number
  /** The line, cut around the place, with a caret under it. */
  readonly excerpt: string
}

const WIDTH = 100

/**
 * Where in `statement` the server's `position` points. The server counts characters, not UTF-16 units, so a
 * statement with an emoji before the error would otherwise point too far left.
 */
export function placeIn(statement: string, position: number): StatementPlace | undefined {
  const characters = [...statement]
  if (!Number.isInteger(position) || position < 1 || position > characters.length + 1) return undefined
  const before = characters.slice(0, position - 1)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = before.filter((c) => c === '\n').length + 1
  const column = position - lineStart
  const lineEnd = characters.indexOf('\n', lineStart)
  const text = characters.slice(lineStart, lineEnd === -1 ? undefined : lineEnd)
  const from = Math.max(0, Math.min(column - 1 - WIDTH / 2, text.length - WIDTH))
  const shown = text.slice(from, from + WIDTH).map((c) => (c === '\t' ? ' ' : c))
  const head = from > 0 ? '…' : ''
  const tail = from + WIDTH < text.length ? '…' : ''
  const caret = `${' '.repeat(head.length + column - 1 - from)}^`
  return { line, column, excerpt: `${head}${shown.join('').trimEnd()}${tail}\n${caret}` }
}
