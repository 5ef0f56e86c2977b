import type { FunctionParameter, Node, ScanToken, TypeName } from 'libpg-query'
import { NotUnderstood } from './names.js'
import { isKeyword, tokensOf } from './statement.js'
import type { Statement } from './statement.js'

/** Reads types as pg_dump wrote them (`character varying`, `public."odd type"[]`) from the statement's own text. */
export function typeReader(statement: Statement): (type: TypeName | undefined) => string {
  let tokens: readonly ScanToken[] | undefined
  return (type) => {
    if (type === undefined) return 'NONE'
    tokens ??= tokensOf(statement.text)
    const start = (type.location ?? 0) - statement.offset
    const first = tokens.findIndex((token) => token.start === start)
    if (first < 0) throw new NotUnderstood('a type is not where the parser says')
    const last = lastOfType(tokens, first)
    return Buffer.from(statement.text).toString('utf8', start, tokens[last]?.end)
  }
}

const ENDS: readonly string[] = ['DEFAULT', 'ORDER', 'AS', 'LANGUAGE']

function lastOfType(tokens: readonly ScanToken[], first: number): number {
  let depth = 0
  let at = first
  for (; at < tokens.length; at++) {
    const token = tokens[at]
    if (token?.text === '(') depth++
    else if (token?.text === ')' && --depth < 0) break
    else if (depth === 0 && (token?.text === ',' || token?.text === '=')) break
    else if (at > first && tokens[at - 1]?.text !== '.' && ENDS.some((word) => isKeyword(token, word))) break
  }
  return at - 1
}

/** `(integer, text)`: the types of the arguments a call passes, which is what identifies a function. */
export function signatureOf(statement: Statement, parameters: readonly Node[]): string {
  const read = typeReader(statement)
  const types: string[] = []
  for (const node of parameters) {
    if ('FunctionParameter' in node) {
      if (isInput(node.FunctionParameter)) types.push(read(node.FunctionParameter.argType))
    } else if ('TypeName' in node) types.push(read(node.TypeName))
    else types.push('NONE')
  }
  return `(${types.join(', ')})`
}

function isInput(parameter: FunctionParameter): boolean {
  return parameter.mode !== 'FUNC_PARAM_OUT' && parameter.mode !== 'FUNC_PARAM_TABLE'
}
