import type { SecretUse } from '../actions/base.js'
import { BeltError } from '../core/error.js'
import { quoteConninfo, quoteLiteral } from '../core/quote.js'
import type { Secret } from '../core/secret.js'
import { enclosingString } from './enclosing-string.js'

/** Values by placeholder; `null` where the source has none (a role without a password). */
export type SecretValues = ReadonlyMap<string, Secret | null>

/**
 * The statement as it will be sent. Only the placeholders that the action lists are replaced, all in one pass, so that
 * a secret which looks like a placeholder stays what it is.
 */
export function fillSecrets(sql: string, uses: readonly SecretUse[], values: SecretValues): string {
  const byPlaceholder = new Map(uses.map((use) => [use.placeholder, use]))
  if (byPlaceholder.size === 0) return sql
  // Longest first: one placeholder may begin with another.
  const names = [...byPlaceholder.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g')
  return sql.replaceAll(pattern, (placeholder, offset: number) => {
    const use = byPlaceholder.get(placeholder)
    const value = values.get(placeholder)
    if (use === undefined || value === undefined) {
      throw new BeltError('secret-missing', `the plan needs a secret that belt cannot provide: ${placeholder}`)
    }
    return asText(use, value, sql, offset)
  })
}

function asText(use: SecretUse, value: Secret | null, sql: string, offset: number): string {
  if (use.as === 'literal' || use.as === 'scram') return value === null ? 'null' : quoteLiteral(value.reveal())
  const quoted = quoteConninfo(value?.reveal() ?? '').replaceAll("'", "''")
  return enclosingString(sql, offset) === 'escape' ? quoted.replaceAll('\\', '\\\\') : quoted
}
