import { compareText } from './diagnostic.js'

/**
 * The words of `known` that a person who typed `word` may have meant, nearest first, at most three.
 * Capitals and the difference between `-` and `_` count nothing, so that `maxLag` finds `max_lag`.
 */
export function nearestWords(word: string, known: Iterable<string>): readonly string[] {
  const limit = Math.max(1, Math.floor(word.length / 3))
  const ranked: { readonly text: string; readonly distance: number }[] = []
  for (const text of known) {
    if (text === word || Math.abs(text.length - word.length) > limit + 1) continue
    const distance = editDistance(plain(word), plain(text))
    if (distance <= limit) ranked.push({ text, distance })
  }
  ranked.sort((a, b) => a.distance - b.distance || compareText(a.text, b.text))
  return ranked.slice(0, 3).map((r) => r.text)
}

/** `; did you mean a or b?`, or nothing when no word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearestWords(word, known).map((w) => `\`${w}\``)
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
}

function plain(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll('-', '_')
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row: number[] = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1)
      }
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
