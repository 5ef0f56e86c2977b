import { scanSync } from 'libpg-query'
import type { Node, ScanToken } from 'libpg-query'

/** One statement of a dump: its exact text and its parse tree, or why there is none. */
export interface Statement {
  readonly text: string
  readonly node: Node | undefined
  /** The parser's message where `node` is undefined. */
  readonly problem?: string
  /** What to take off a `location` of the parse tree to get a byte offset into `text`. */
  readonly offset: number
}

/** The tokens of the statement, without comments; `start` and `end` are UTF-8 byte offsets into its text. */
export function tokensOf(text: string): readonly ScanToken[] {
  return scanSync(text).tokens.filter((token) => !isComment(token))
}

export function isComment(token: ScanToken): boolean {
  return token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT'
}

/** True for the bare word: a quoted identifier of the same letters is no keyword. */
export function isKeyword(token: ScanToken | undefined, word: string): boolean {
  return token !== undefined && token.keywordKind !== 0 && token.text.toUpperCase() === word
}

export interface Edit {
  /** UTF-8 byte offsets into the text. */
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with each byte range replaced; edits may come in any order and must not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  const bytes = Buffer.from(text)
  const parts: Buffer[] = []
  let at = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.text))
    at = edit.end
  }
  parts.push(bytes.subarray(at))
  return Buffer.concat(parts).toString('utf8')
}
