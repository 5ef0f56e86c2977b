import type { VerifyInput } from '../../../../src/verify/rows/verify-input.js'
import { verifyTables } from '../../../../src/verify/rows/verify-tables.js'
import type { Difference, TableResult, VerifyResult } from '../../../../src/verify/rows/verify-result.js'
import type { DatabasePair } from '../../../support/servers.js'
import { noSignal, settingsFor } from '../../connect/settings.js'

export function names(...tables: readonly string[]): VerifyInput['tables'] {
  return tables.map((name) => ({ schema: 'public', name, mode: 'at-rest' }))
}

/** Compares tables of schema public, nobody writing. */
export function verify(
  pair: DatabasePair,
  tables: VerifyInput['tables'],
  options: Omit<Partial<VerifyInput>, 'tables' | 'connections'> = {},
): Promise<VerifyResult> {
  const connections = { source: settingsFor(pair.source), target: settingsFor(pair.target) }
  return verifyTables({ connections, tables, ...options }, noSignal())
}

export function resultOf(result: VerifyResult, table: string): TableResult {
  const found = result.tables.find((t) => t.table === table)
  if (found === undefined) throw new Error(`no result for ${table}`)
  return found
}

/** `changed id=3: note, amount`, sorted. */
export function lines(differences: readonly Difference[]): readonly string[] {
  return differences.map(line).sort()
}

function line({ kind, key, columns, copies }: Difference): string {
  const named =
    key === undefined
      ? `${String(copies.source)}:${String(copies.target)}`
      : Object.entries(key)
          .map(([name, value]) => `${name}=${value}`)
          .join(' ')
  return columns.length === 0 ? `${kind} ${named}` : `${kind} ${named}: ${columns.join(', ')}`
}
