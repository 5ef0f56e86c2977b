import { textKey } from '../../catalog/object-key.js'
import type { ObjectFacts } from './part.js'
import { edited, isKeyword, tokensOf } from './statement.js'
import type { Statement } from './statement.js'

/**
 * An object of the kind `unknown`, named by pg_dump's own comment, so that a statement belt has no rule for (the syntax
 * of a later version) is shown and decided upon by whoever plans, instead of being lost.
 */
export function unknownFacts(header: string | undefined, problem: string): ObjectFacts {
  const line = header ?? ''
  const schema = between(line, '; Schema: ', '; Owner: ')
  const type = between(line, '; Type: ', '; Schema: ')
  const name = line.slice(0, Math.max(0, line.lastIndexOf('; Type: ')))
  const facts = { key: textKey('unknown', `${type} ${name}`.trim()), kind: 'unknown', name, problem } as const
  return schema === '' || schema === '-' ? facts : { ...facts, schema }
}

function between(line: string, before: string, after: string): string {
  const end = line.lastIndexOf(after)
  const start = end < 0 ? -1 : line.lastIndexOf(before, end)
  return start < 0 ? '' : line.slice(start + before.length, end)
}

const MAY_HOLD_SECRETS: readonly string[] = ['OPTIONS', 'CONNECTION', 'PASSWORD']

/** The text and the reason, with every string constant blanked where one may be a password. */
export function safely(statement: Statement, problem: string): { readonly text: string; readonly problem: string } {
  const tokens = tokensOf(statement.text)
  if (!tokens.some((token) => MAY_HOLD_SECRETS.some((word) => isKeyword(token, word)))) {
    return { text: statement.text, problem }
  }
  const constants = tokens.filter((token) => token.tokenName.endsWith('SCONST'))
  return {
    text: edited(
      statement.text,
      constants.map(({ start, end }) => ({ start, end, text: "'***'" })),
    ),
    problem: 'the statement is not understood',
  }
}
