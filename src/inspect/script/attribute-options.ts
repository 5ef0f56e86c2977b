import type { AlterTableCmd } from 'libpg-query'
import { listOf, required } from './names.js'
import type { Part } from './part.js'
import { edited, tokensOf } from './statement.js'
import type { Statement } from './statement.js'

/**
 * ALTER COLUMN … SET (n_distinct = …, pg_attver = …): `pg_attver` is a counter that recent minors of the server keep
 * for themselves and that an older pg_dump shows; it must never be replayed.
 */
export function withoutHiddenOptions(command: AlterTableCmd, statement: Statement): Part {
  const options = listOf(command.def).flatMap((node) => ('DefElem' in node ? [node.DefElem] : []))
  const kept = options.filter((option) => option.defname !== 'pg_attver')
  if (kept.length === options.length) return { role: 'follows' }
  if (kept.length === 0) return { role: 'session' }
  const bytes = Buffer.from(statement.text)
  const tokens = tokensOf(statement.text)
  const starts = options.map((option) => (option.location ?? 0) - statement.offset)
  const close = required(tokens.at(-1), 'the closing parenthesis').start
  const source = (i: number): string => {
    const next = starts[i + 1]
    const end =
      next === undefined
        ? close
        : required(
            tokens.findLast((token) => token.start < next),
            'the comma',
          ).start
    return bytes.toString('utf8', starts[i], end).trim()
  }
  const rest = options.flatMap((option, i) => (option.defname === 'pg_attver' ? [] : [source(i)]))
  return {
    role: 'follows',
    text: edited(statement.text, [{ start: starts[0] ?? close, end: close, text: rest.join(', ') }]),
  }
}
