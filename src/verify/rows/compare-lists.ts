import type { Key } from './key-range.js'
import type { ListedRow } from './range-sql.js'
import type { Suspect } from './suspect.js'

/** Keys whose rows are not the same in two lists of one range or bucket. */
export function differingKeys(source: readonly ListedRow[], target: readonly ListedRow[]): readonly Suspect[] {
  const ours = byKey(source)
  const theirs = byKey(target)
  const keys: Key[] = []
  for (const [text, { key, rows }] of ours) {
    if (rows !== theirs.get(text)?.rows) keys.push(key)
  }
  for (const [text, { key }] of theirs) if (!ours.has(text)) keys.push(key)
  return keys.map((key) => ({ kind: 'key', key }))
}

/** By key: the rows as one text. There is more than one only where the key's index is missing. */
function byKey(list: readonly ListedRow[]): ReadonlyMap<string, { readonly key: Key; readonly rows: string }> {
  const found = new Map<string, { readonly key: Key; readonly rows: string }>()
  for (const { key, one, other } of list) {
    const text = JSON.stringify(key)
    const before = found.get(text)
    const row = `${one}/${other}`
    const rows = before === undefined ? row : [...before.rows.split(' '), row].sort().join(' ')
    found.set(text, { key, rows })
  }
  return found
}
