import { parseSync, scanSync } from 'libpg-query'
import type { Node, ParseResult, ScanToken } from 'libpg-query'
import { BeltError } from '../../core/error.js'
import type { Statement } from './statement.js'
import { splitByTokens } from './token-split.js'

/** The comment pg_dump writes before an entry of its table of contents, and the statements of that entry. */
export interface DumpEntry {
  /** The line after `-- Name: `; undefined for what comes before the first entry. */
  readonly header: string | undefined
  readonly statements: readonly Statement[]
}

const ENTRY = '\n-- Name: '
/** Small enough that a parse tree stays small, large enough that calls into the parser do not count. */
const CHUNK_BYTES = 64 * 1024

interface Piece {
  readonly start: number
  readonly end: number
  readonly node: Node | undefined
  /** Where the locations of `node` count from. */
  readonly offset: number
  readonly problem?: string
}

/**
 * Cuts a dump into entries. Text is parsed in chunks that end before what looks like an entry's comment; a chunk that
 * ended inside a string (a function body holding such a line) does not scan and is tried again with more text.
 * Comments count only between statements, as the parser places them.
 */
export function* dumpEntries(body: string): Generator<DumpEntry> {
  const bytes = Buffer.from(body)
  let entry: { readonly header: string | undefined; readonly statements: Statement[] } = {
    header: undefined,
    statements: [],
  }
  let start = 0
  let size = CHUNK_BYTES
  while (start < bytes.length) {
    const found = bytes.indexOf(ENTRY, start + size)
    const end = found < 0 ? bytes.length : found + 1
    const chunk = bytes.subarray(start, end)
    const pieces = piecesOf(chunk.toString('utf8'))
    if (pieces === undefined) {
      if (end === bytes.length) throw unclosed()
      size = (end - start) * 2
      continue
    }
    let at = 0
    for (const piece of [...pieces, undefined]) {
      for (const header of headersIn(chunk.toString('utf8', at, piece?.start))) {
        if (entry.statements.length > 0) yield entry
        entry = { header, statements: [] }
      }
      if (piece === undefined) continue
      entry.statements.push(statementOf(chunk, piece))
      at = piece.end
    }
    start = end
    size = CHUNK_BYTES
  }
  if (entry.statements.length > 0) yield entry
}

function statementOf(chunk: Buffer, { start, end, node, offset, problem }: Piece): Statement {
  const text = chunk.toString('utf8', start, end)
  return { text, node, offset, ...(problem === undefined ? {} : { problem }) }
}

function headersIn(gap: string): readonly string[] {
  return gap
    .split('\n')
    .filter((line) => line.startsWith('-- Name: '))
    .map((line) => line.slice('-- Name: '.length))
}

/** Undefined when the text ends inside a statement. */
function piecesOf(text: string): readonly Piece[] | undefined {
  const result = tryParse(text)
  if (result instanceof Error) return separately(text)
  const bytes = Buffer.from(text)
  const pieces: Piece[] = []
  for (const { stmt, stmt_location: start = 0, stmt_len: length } of result.stmts ?? []) {
    if (length === undefined) return undefined
    pieces.push({ start, end: trimmedEnd(bytes, start + length), node: stmt, offset: start })
  }
  return pieces
}

function trimmedEnd(bytes: Buffer, end: number): number {
  let at = end
  while (at > 0 && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at - 1] ?? 0)) at--
  return at
}

function separately(text: string): readonly Piece[] | undefined {
  const ranges = splitByTokens(tryScan(text) ?? [])
  if (ranges === undefined || ranges.length === 0) return undefined
  const bytes = Buffer.from(text)
  return ranges.map(({ start, end }) => {
    const result = tryParse(bytes.toString('utf8', start, end))
    if (result instanceof Error) return { start, end, node: undefined, offset: 0, problem: result.message }
    return { start, end, node: result.stmts?.[0]?.stmt, offset: 0 }
  })
}

function tryParse(text: string): ParseResult | Error {
  try {
    return parseSync(text)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The scanner only fails where a quoted string, a quoted name or a comment is not closed. */
function tryScan(text: string): readonly ScanToken[] | undefined {
  try {
    return scanSync(text).tokens
  } catch {
    return undefined
  }
}

function unclosed(): BeltError {
  return new BeltError('dump-incomplete', 'the dump ends inside a statement: the schema is not complete', {
    hint: 'Run pg_dump again; look at what it or the server said when it stopped.',
  })
}
