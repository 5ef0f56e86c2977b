import type { FoundRow } from './suspect-sql.js'

/** What one look at a suspect found on one side, in one snapshot. */
export type Look = readonly FoundRow[]

/** How often each row content occurs. */
function contents(look: Look): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { one, other } of look) {
    const content = `${one}/${other}`
    counts.set(content, (counts.get(content) ?? 0) + 1)
  }
  return counts
}

/** The same for looks that found the same rows, wherever they lie. */
export function contentsOf(look: Look): string {
  return look
    .map(({ one, other }) => `${one}/${other}`)
    .sort()
    .join(' ')
}

export function sameContents(a: Look, b: Look): boolean {
  const [one, other] = [contents(a), contents(b)]
  return a.length === b.length && [...one].every(([content, count]) => other.get(content) === count)
}

/** Rows that nobody touched between two looks at the same side: a version is never used again. */
function untouched(before: Look, after: Look): Look {
  const versions = new Set(before.map((row) => row.version))
  return after.filter((row) => versions.has(row.version))
}

/**
 * Whether three looks, one after the other and alternating between the sides, prove a difference at one position of the
 * log: rows of one side were there, untouched, from the first look to the last, and the look between them at the other
 * side, whose snapshot the first side has passed or not yet reached within that time, found fewer like them.
 *
 * Why that position lies within: (subscriber, publisher, subscriber) the subscriber's first look is older than the
 * publisher's snapshot, so it is behind it, and its last is taken once it has applied all that the snapshot saw.
 * (publisher, subscriber, publisher): the subscriber has applied all that the publisher's first look saw, and what it has
 * applied was committed before the publisher's last look.
 */
export function provesDifference(before: Look, between: Look, after: Look): boolean {
  const found = contents(between)
  return [...contents(untouched(before, after))].some(([content, count]) => count > (found.get(content) ?? 0))
}

/** As above, but that nothing of the suspect was touched and the other side had exactly the same. */
export function provesEquality(before: Look, between: Look, after: Look): boolean {
  return (
    before.length === after.length && untouched(before, after).length === after.length && sameContents(between, after)
  )
}
