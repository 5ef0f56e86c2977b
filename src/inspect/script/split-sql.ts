import { loadModule, parseSync } from 'libpg-query'
import type { Node, ParseResult } from 'libpg-query'

/**
 * Cuts SQL that a person wrote into its statements, as Postgres' own parser (18) sees them, each without its semicolon
 * and with the comments before it left out. `problem` is the parser's message, or that a transaction is left open.
 */
export async function splitSql(text: string): Promise<readonly string[] | { readonly problem: string }> {
  await loadModule()
  let parsed: ParseResult
  try {
    parsed = parseSync(text)
  } catch (error) {
    return { problem: `cannot be parsed: ${error instanceof Error ? error.message : String(error)}` }
  }
  const bytes = Buffer.from(text)
  const statements = parsed.stmts ?? []
  if (leavesTransactionOpen(statements.flatMap((s) => s.stmt ?? []))) {
    return { problem: 'begins a transaction and does not end it' }
  }
  return statements.map(({ stmt_location: start = 0, stmt_len: length }) =>
    bytes
      .toString('utf8', start, length === undefined || length === 0 ? undefined : start + length)
      .replace(/^(?:\s|--[^\n]*(?:\n|$))+/, '')
      .trim(),
  )
}

function leavesTransactionOpen(nodes: readonly Node[]): boolean {
  const last = nodes.flatMap((node) => ('TransactionStmt' in node ? [node.TransactionStmt.kind] : [])).at(-1)
  return last === 'TRANS_STMT_BEGIN' || last === 'TRANS_STMT_START'
}
