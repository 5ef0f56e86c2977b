import type { ErrorObject } from 'ajv/dist/2020.js'
import { shown } from './report.js'
import { dottedPath, isList, isMap, pointerParts, type SpecTree, type Value, valueAt } from './spec-tree.js'

/** What the schema calls the kind of value it wanted, e.g. `duration`; ajv's own paths end at each `$ref`. */
export function wantedTitle(error: ErrorObject): string | undefined {
  const schema: unknown = error.parentSchema
  if (typeof schema !== 'object' || schema === null || !('title' in schema)) return undefined
  return String(schema.title)
}

/** A setting as messages name it. */
export function settingName(pointer: string): string {
  return pointer === '' ? 'the spec' : `\`${dottedPath(pointer)}\``
}

/** The last word of a pointer that is no list index: the key the user typed. */
export function keyName(pointer: string): string {
  return pointerParts(pointer).findLast((part) => !/^\d+$/.test(part)) ?? ''
}

/** True where a secret belongs: what stands there by mistake may be one, so it is never repeated. */
export function isSecretPlace(pointer: string): boolean {
  return /\/(password|url)(\/|$)/.test(pointer)
}

/** The written value for a message: as it stands in the file, `${env:}` unexpanded; secrets are not repeated. */
export function writtenValue(tree: SpecTree, pointer: string): string {
  if (isSecretPlace(pointer)) return 'this value'
  const place = tree.places.get(pointer)
  if (place?.style === 'plain' || place?.expanded === true) return shown(place.raw)
  const value = valueAt(tree, pointer)
  return isMap(value) ? 'a map' : isList(value) ? 'a list' : shown(String(value))
}

/** What kind of thing a value is, with its article. */
export function kindOf(value: Value | undefined): string {
  if (value === null || value === undefined) return 'nothing'
  if (isMap(value)) return 'a map'
  if (isList(value)) return 'a list'
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'a number' : 'true or false'
}

/** What a schema type means in YAML. */
export function wantedKind(type: string): string {
  switch (type) {
    case 'object':
      return 'a map (`key: value` lines)'
    case 'array':
      return 'a list'
    case 'integer':
      return 'a whole number'
    case 'boolean':
      return 'true or false'
    default:
      return 'text'
  }
}
