import type { SchemaObject } from '../../catalog/schema-script.js'
import { compareText } from '../../core/diagnostic.js'
import { fingerprint } from '../../core/fingerprint.js'

/** Postgres prints the grants of an object in the order they were made in, which means nothing. */
export function sameGrants(object: SchemaObject, there: SchemaObject): boolean {
  return object.kind === 'grant' && there.kind === 'grant' && setOf(object) === setOf(there)
}

/** Whether the text is what was noted of it: as it read then, or as the same set in any order that was tried. */
export function readsAs(object: SchemaObject, noted: string): boolean {
  if (noted === object.fingerprint) return true
  return object.kind === 'grant' && orders(object.statements).some((s) => fingerprint({ statements: s }) === noted)
}

/** Which grants stand on one side only, by their own statements. */
export function grantDifferences(object: SchemaObject, there: SchemaObject): readonly string[] {
  if (object.kind !== 'grant') return []
  const missing = object.statements.filter((s) => !there.statements.includes(s))
  const more = there.statements.filter((s) => !object.statements.includes(s))
  return [...missing.map((s) => `only on the source: ${s}`), ...more.map((s) => `only on the target: ${s}`)]
}

const MOST = 6

/** A pair holds the fingerprint of one order: the others of a few statements are quickly tried. */
function orders(statements: readonly string[]): readonly (readonly string[])[] {
  if (statements.length > MOST) return [statements]
  if (statements.length < 2) return [statements]
  return statements.flatMap((first, index) =>
    orders([...statements.slice(0, index), ...statements.slice(index + 1)]).map((rest) => [first, ...rest]),
  )
}

function setOf({ statements }: SchemaObject): string {
  return [...statements].sort(compareText).join(';\n')
}
