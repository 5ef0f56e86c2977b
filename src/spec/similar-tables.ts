import { didYouMean } from '../core/nearest-words.js'
import type { QualifiedName } from '../core/qualified-name.js'
import { quoteQualified } from '../core/quote.js'
import { covers, parsePattern } from './table-pattern.js'

const SHOWN = 3

/**
 * `; did you mean …?` of a name or pattern that no table has: first the tables that it would fit were capitals nothing,
 * as they must be written, in quotes; else, of a name, those that are written nearly so. Nothing when there is none.
 */
export function meantTable(pattern: string, tables: Iterable<QualifiedName>): string {
  const parsed = parsePattern(pattern)
  if (parsed === undefined) return ''
  const all = [...tables]
  const low = (pieces: readonly string[]): readonly string[] => pieces.map((piece) => piece.toLowerCase())
  const [schema, name] = [low(parsed.schema), low(parsed.name)]
  const fits = all
    .filter((t) => covers(schema, t.schema.toLowerCase()) && covers(name, t.name.toLowerCase()))
    .map((t) => quoteQualified(t.schema, t.name))
    .filter((written) => written !== pattern)
    .sort()
  if (fits.length > 0) {
    const shown = fits.slice(0, SHOWN).map((written) => `\`${written}\``)
    const more = fits.length > SHOWN ? ', …' : ''
    const quoted = fits.some((written) => written.includes('"')) ? ' Names with capitals stand in quotes.' : ''
    return `; did you mean ${shown.join(' or ')}${more}?${quoted}`
  }
  if ([...parsed.schema, ...parsed.name].length > 2) return ''
  return didYouMean(
    pattern,
    all.map((t) => quoteQualified(t.schema, t.name)),
  )
}
