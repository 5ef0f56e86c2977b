import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { didYouMean, nearestWords } from '../core/nearest-words.js'
import { settingName } from './describe-place.js'
import { shown, specError } from './report.js'
import { childPointer, placeOf, type SpecTree } from './spec-tree.js'

/** Names that people give to a part of a table, too far from belt's own to be taken for typos of them. */
const PARTS_OF_TABLES: ReadonlyMap<string, string> = new Map([
  ...['columns', 'column_list'].map((key) => [key, 'column_lists'] as const),
  ...['operation', 'publish'].map((key) => [key, 'operations'] as const),
  ...['filter', 'filters', 'rows', 'row_filter', 'where'].map((key) => [key, 'row_filters'] as const),
])

/** A key that the map does not have: a typo of one that it has, or one that belongs elsewhere. */
export function explainUnknownKey(error: ErrorObject, tree: SpecTree, knownPaths: readonly string[]): Diagnostic {
  const key = String(error.params['additionalProperty'])
  const place = placeOf(tree, childPointer(error.instancePath, key))
  const siblings = propertyNames(error.parentSchema)
  const at = place?.key ?? place?.value
  const part = error.instancePath === '/scope/tables' ? PARTS_OF_TABLES.get(key) : undefined
  const where = error.instancePath === '' ? 'a spec' : settingName(error.instancePath)
  const near = part ?? nearestWords(key, siblings)[0]
  if (near !== undefined) {
    const message = `${where} has no key ${shown(key)}${part === undefined ? didYouMean(key, siblings) : `; did you mean \`${part}\`?`}`
    return specError('spec-unknown-key', at, message, `rename it to \`${near}\``)
  }
  const elsewhere = knownPaths.filter((path) => path.split('.').at(-1) === key)
  const [home] = elsewhere
  if (home !== undefined && elsewhere.length <= 3) {
    const places = elsewhere.map((path) => `\`${path}\``).join(' or ')
    return specError(
      'spec-unknown-key',
      at,
      `${where} has no key ${shown(key)}; it belongs at ${places}`,
      `move it to \`${home}\``,
    )
  }
  const message = `${where} has no key ${shown(key)}`
  return specError('spec-unknown-key', at, message, `its keys are ${siblings.join(', ')}`)
}

function propertyNames(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return []
  const { properties } = schema
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}
