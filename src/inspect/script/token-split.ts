import type { ScanToken } from 'libpg-query'
import { isComment, isKeyword } from './statement.js'

export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Statement boundaries from tokens alone, for text whose grammar the parser does not know: a semicolon ends a
 * statement outside parentheses and outside the BEGIN ATOMIC body of a CREATE FUNCTION or PROCEDURE (psql's rule).
 * Undefined when the last statement is not closed.
 */
export function splitByTokens(all: readonly ScanToken[]): readonly ByteRange[] | undefined {
  const ranges: ByteRange[] = []
  const tokens = all.filter((token) => !isComment(token))
  let first: ScanToken | undefined
  let last: ScanToken | undefined
  let parens = 0
  let body = 0
  for (const [i, token] of tokens.entries()) {
    if (token.text === ';' && parens === 0 && body === 0) {
      if (first !== undefined && last !== undefined) ranges.push({ start: first.start, end: last.end })
      first = last = undefined
      continue
    }
    first ??= token
    last = token
    if (token.text === '(') parens++
    else if (token.text === ')') parens--
    else if (parens === 0 && body === 0) {
      if (isKeyword(first, 'CREATE') && isKeyword(token, 'BEGIN') && isKeyword(tokens[i + 1], 'ATOMIC')) body = 1
    } else if (body > 0) body += blockDepth(token)
  }
  return first === undefined ? ranges : undefined
}

function blockDepth(token: ScanToken): number {
  if (isKeyword(token, 'CASE')) return 1
  return isKeyword(token, 'END') ? -1 : 0
}
