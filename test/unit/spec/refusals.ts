import { describe, expect, test } from 'vitest'
import { load, MINIMAL, report } from './load-text.js'

/** What is written, and the code, line:column and words of the one error it must give. */
export type Row = readonly [
  what: string,
  text: string,
  code: string,
  place: string,
  words: RegExp,
  env?: Record<string, string>,
]

/** The minimal spec with the source's host replaced by other lines. */
export function source(lines: string): string {
  return MINIMAL.replace('  host: source.internal', () => lines)
}

/** The minimal spec with the first occurrence of a text replaced. */
export function replaced(from: string, to: string): string {
  return MINIMAL.replace(from, () => to)
}

/** One test for each row: exactly that error and no other. */
export function describeRefusals(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    test.each(rows.map((row) => ({ row, what: row[0] })))('$what', async ({ row }) => {
      const [, text, code, place, words, env = {}] = row
      const { diagnostics } = await load(text, env)
      const places = diagnostics.map((d) => `${d.code} ${d.at?.line ?? 0}:${d.at?.column ?? 0}`)
      expect(places, report(text, diagnostics)).toEqual([`${code} ${place}`])
      expect(`${diagnostics[0]?.message ?? ''}\n${diagnostics[0]?.fix ?? ''}`).toMatch(words)
    })
  })
}
