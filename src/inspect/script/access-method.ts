import { quoteIdent } from '../../core/quote.js'
import { required } from './names.js'
import { edited, isKeyword, tokensOf } from './statement.js'

/**
 * The CREATE TABLE or CREATE MATERIALIZED VIEW with USING <method> in its place: pg_dump says it with a SET
 * before the statement, which a statement that is run on its own would not see.
 */
export function withAccessMethod(text: string, method: string): string {
  const tokens = tokensOf(text)
  const isView = isKeyword(tokens[1], 'MATERIALIZED')
  const ends = isView ? ['WITH', 'AS'] : ['WITH', 'WITHOUT', 'ON', 'TABLESPACE']
  let depth = 0
  const next = tokens.find((token) => {
    if (token.text === '(') depth++
    if (token.text === ')') depth--
    return depth === 0 && ends.some((word) => isKeyword(token, word))
  })
  const last = required(tokens.at(-1), 'the end of the statement')
  const clause = `USING ${quoteIdent(method)}`
  if (next === undefined) return edited(text, [{ start: last.end, end: last.end, text: `\n${clause}` }])
  return edited(text, [{ start: next.start, end: next.start, text: `${clause} ` }])
}
