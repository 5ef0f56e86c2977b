import { quoteIdent, quoteQualified } from '../../core/quote.js'
import type { ComparedKey, Comparison } from './comparison.js'
import type { KeyColumnShape } from './side-shape.js'
import type { Values } from './statement.js'

/** The text of each key column, in the key's order. */
export type Key = readonly string[]

/** Keys after `after`, up to and including `upTo`; open where undefined. */
export interface KeyRange {
  readonly after: Key | undefined
  readonly upTo: Key | undefined
}

export const WHOLE: KeyRange = { after: undefined, upTo: undefined }

export function keyOf(comparison: Comparison): ComparedKey {
  if (comparison.key === undefined) throw new RangeError(`${comparison.name} has no key`)
  return comparison.key
}

export function sqlType({ base }: KeyColumnShape): string {
  return quoteQualified(base.schema, base.name)
}

/** The key columns of `t`, comma separated. */
export function keyColumns({ columns }: ComparedKey): string {
  return columns.map((c) => `t.${quoteIdent(c.name)}`).join(', ')
}

/**
 * The key of `t` as text[], as it prints. concat() and not a cast: the cast of char(n) to text cuts blanks off, and
 * output functions are what a cast from text reads back.
 */
export function keyTexts({ columns }: ComparedKey): string {
  return `array[${columns.map((c) => `pg_catalog.concat(t.${quoteIdent(c.name)})`).join(', ')}]`
}

/** A condition on `t` that the key's index can serve (row comparison for several columns). */
export function inRange(key: ComparedKey, { after, upTo }: KeyRange, values: Values): string {
  const bound = (operator: string, at: Key | undefined): readonly string[] => {
    if (at === undefined) return []
    const places = key.columns.map((c, nth) => values.add(at[nth] ?? null, sqlType(c)))
    const [left, right] = [keyColumns(key), places.join(', ')]
    return [key.columns.length === 1 ? `${left} ${operator} ${right}` : `(${left}) ${operator} (${right})`]
  }
  return [...bound('>', after), ...bound('<=', upTo), 'true'].join(' and ')
}
