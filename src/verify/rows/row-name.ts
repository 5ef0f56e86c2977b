import type { Difference } from './verify-result.js'

/** Which row: `id = 5`, or where it lies when nothing else names it. Not escaped. */
export function rowName({ key, kind, copies, places }: Difference): string {
  if (key !== undefined) {
    return Object.entries(key)
      .map(([column, value]) => `${column} = ${value}`)
      .join(', ')
  }
  const side = kind === 'extra' ? 'target' : 'source'
  const at = places[side].slice(0, 3).join(', ')
  return `a row that is there ${times(copies.source)} on the source and ${times(copies.target)} on the target${at === '' ? '' : `, on the ${side} at ctid ${at}`}`
}

function times(n: number): string {
  return n === 1 ? 'once' : n === 0 ? 'not' : `${String(n)} times`
}
