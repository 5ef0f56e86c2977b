/**
 * JSON of two spaces with keys in code-unit order: the same value always gives the same text, and a change shows as a
 * change of single lines in a review. Members that are undefined are left out.
 */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), undefined, 2)}\n`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  // A null prototype keeps a key called __proto__ a key.
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [key, member] of members) copy[key] = sorted(member)
  return copy
}
