import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { didYouMean, nearestWords } from '../core/nearest-words.js'
import { settingName } from './describe-place.js'
import { shown, specError } from './report.js'
import { childPointer, placeOf, type SpecTree } from './spec-tree.js'

/**
 * What pglogical and native replication can do to a table and belt does not: what stays behind could not come back in a
 * rollback, and a row that an update moves past a row filter of pglogical is lost.
 */
const PARTS_OF_TABLES: ReadonlyMap<string, string> = new Map([
  ...['columns', 'column_lists'].map((key) => [key, 'there are no column lists'] as const),
  ...['filter', 'filters', 'rows', 'row_filter', 'row_filters', 'where'].map(
    (key) => [key, 'there are no row filters'] as const,
  ),
  ...['operations', 'publish'].map((key) => [key, 'every kind of change is carried'] as const),
])
const WHOLE_TABLES = 'leave the table whole, or leave its rows behind with `schema_only`'

/** A key that the map does not have: a typo of one that it has, or one that belongs elsewhere. */
export function explainUnknownKey(error: ErrorObject, tree: SpecTree, knownPaths: readonly string[]): Diagnostic {
  const key = String(error.params['additionalProperty'])
  const place = placeOf(tree, childPointer(error.instancePath, key))
  const siblings = propertyNames(error.parentSchema)
  const at = place?.key ?? place?.value
  const part = error.instancePath === '/scope/tables' ? PARTS_OF_TABLES.get(key) : undefined
  if (part !== undefined) return specError('not-yet', at, `${part}: belt moves whole tables`, WHOLE_TABLES)
  const where = error.instancePath === '' ? 'a spec' : settingName(error.instancePath)
  const near = nearestWords(key, siblings)[0]
  if (near !== undefined) {
    const message = `${where} has no key ${shown(key)}${didYouMean(key, siblings)}`
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
