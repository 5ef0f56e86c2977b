import type { Difference } from '../../verify/rows/verify-result.js'
import { listing } from '../text/quantity.js'

/** By column, what each side prints; only when values were asked for. Not escaped. */
export function valueLines({ values, columns, kind }: Difference): readonly string[] {
  if (values === undefined) return []
  const names = kind === 'changed' ? columns : Object.keys(values.source ?? values.target ?? {})
  return names.map((column) => {
    const sides = (['source', 'target'] as const).flatMap((side) => {
      const row = values[side]
      return row === undefined ? [] : [`${side} ${printed(row[column])}`]
    })
    return `${column}: ${sides.join(', ')}`
  })
}

function printed(value: string | null | undefined): string {
  return value === null || value === undefined ? 'NULL' : JSON.stringify(value)
}

/** `1 changed, 2 missing and 3 extra`. */
export function kindsText(differences: readonly Difference[]): string {
  const kinds = ['changed', 'missing', 'extra'] as const
  return listing(
    kinds.flatMap((kind) => {
      const n = differences.filter((d) => d.kind === kind).length
      return n === 0 ? [] : [`${String(n)} ${kind}`]
    }),
  )
}
