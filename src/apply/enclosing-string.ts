/** `plain` is '…', `escape` is E'…' with backslash escapes; undefined: not inside a string constant. */
export type StringKind = 'plain' | 'escape' | undefined

const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'/g

/** What kind of string constant the place of an SQL text stands in, with standard_conforming_strings on. */
export function enclosingString(sql: string, place: number): StringKind {
  for (const match of sql.matchAll(TOKENS)) {
    if (match.index > place) return undefined
    if (match.index + match[0].length <= place) continue
    // `name'` of an identifier that ends in e never directly precedes a quote in SQL, so E' always opens a constant.
    return match[0].startsWith("'") ? 'plain' : /^[eE]'/.test(match[0]) ? 'escape' : undefined
  }
  return undefined
}
