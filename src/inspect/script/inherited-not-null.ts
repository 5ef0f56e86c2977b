import type { CreateStmt, Node, ScanToken } from 'libpg-query'
import { quoteIdent, quoteQualified } from '../../core/quote.js'
import { NotUnderstood, relationName, required, stringOf } from './names.js'
import type { Part } from './part.js'
import { edited, tokensOf } from './statement.js'
import type { Statement } from './statement.js'

/**
 * pg_dump 18 writes `NOT NULL column` as an element of its own for columns that are inherited, which servers before 18
 * refuse, even when it dumps one of them. As ALTER COLUMN … SET NOT NULL every server takes it and gives it the same
 * (default) name; named ones come from servers from 18 on and stay.
 */
export function withoutLooseNotNulls(create: CreateStmt, statement: Statement): Pick<Part, 'text' | 'also'> {
  const loose = (create.tableElts ?? []).flatMap((node) => (isLoose(node) ? [node.Constraint] : []))
  if (loose.length === 0) return {}
  const at = relationName(create.relation)
  const starts = new Set(loose.map(({ location = 0 }) => location - statement.offset))
  const { open, close, elements } = elementsOf(statement.text)
  const kept = elements.filter(({ start }) => !starts.has(start)).map(({ text }) => `\n    ${text}`)
  return {
    text: edited(statement.text, [{ start: open, end: close, text: `(${kept.join(',')}\n` }]),
    also: loose.map(({ keys }) => {
      const column = quoteIdent(stringOf(keys?.[0]))
      return `ALTER TABLE ONLY ${quoteQualified(at.schema, at.name)} ALTER COLUMN ${column} SET NOT NULL`
    }),
  }
}

function isLoose(node: Node): node is Extract<Node, { Constraint: unknown }> {
  if (!('Constraint' in node)) return false
  const { contype, conname, is_no_inherit, skip_validation } = node.Constraint
  return contype === 'CONSTR_NOTNULL' && conname === undefined && is_no_inherit !== true && skip_validation !== true
}

interface Elements {
  readonly open: number
  readonly close: number
  readonly elements: readonly { readonly start: number; readonly text: string }[]
}

/** What stands between the parentheses after the table's name, cut at its commas. */
function elementsOf(text: string): Elements {
  const tokens = tokensOf(text)
  const bytes = Buffer.from(text)
  const first = tokens.findIndex((token) => token.text === '(')
  const elements: { start: number; text: string }[] = []
  let depth = 0
  let from = first + 1
  for (let i = first; i < tokens.length; i++) {
    const token = required(tokens[i], 'a token')
    if (token.text === '(') depth++
    if (token.text === ')') depth--
    if (!(depth === 0 || (depth === 1 && token.text === ','))) continue
    if (i > from) elements.push(slice(bytes, required(tokens[from], 'a token'), required(tokens[i - 1], 'a token')))
    from = i + 1
    if (depth === 0) return { open: required(tokens[first], 'a parenthesis').start, close: token.start, elements }
  }
  throw new NotUnderstood('no closing parenthesis')
}

function slice(bytes: Buffer, from: ScanToken, to: ScanToken): { start: number; text: string } {
  return { start: from.start, text: bytes.toString('utf8', from.start, to.end) }
}
