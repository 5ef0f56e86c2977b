import { prettyJson } from '../../plan/pretty-json.js'
import type { Verification } from './verification.js'

/** What `belt verify --json` prints; `v` changes when a field goes or means something else. */
export function verifyJson(verification: Verification, next: string): string {
  const { rows, schema, patterns, ...head } = verification
  return prettyJson({
    v: 1,
    type: 'verify',
    ...head,
    patterns,
    tables: rows.tables.map(({ differences, ...table }) => ({ ...table, differences: differences.length })),
    differences: rows.tables.flatMap((t) => t.differences.map((d) => ({ ...d, key: d.key ?? null }))),
    structure: schema ?? null,
    lsn: rows.lsn,
    durationMs: rows.durationMs,
    next,
  })
}
