import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { isSecretPlace, kindOf, settingName, wantedKind, wantedTitle, writtenValue } from './describe-place.js'
import { literalSecret } from './literal-secret.js'
import { quotesNeeded } from './quoting-trap.js'
import { specError } from './report.js'
import { type Place, placeOf, settingPosition, type SpecTree, valueAt } from './spec-tree.js'

/** A value of the wrong kind: a literal secret, a scalar that YAML does not read as text, or plainly wrong. */
export function explainType(error: ErrorObject, group: readonly ErrorObject[], tree: SpecTree): Diagnostic {
  const pointer = error.instancePath
  const value = valueAt(tree, pointer)
  const place = placeOf(tree, pointer)
  const types = group.filter((e) => e.keyword === 'type').map((e) => String(e.params['type']))
  if (place !== undefined && wantedTitle(error) === 'secret reference' && value !== null && types.length === 1) {
    return literalSecret(pointer, place)
  }
  const at = place === undefined ? undefined : settingPosition(place)
  if (value === null) return empty(pointer, place, types)
  if (place?.style === 'plain' && types.includes('string') && value !== undefined && typeof value !== 'object') {
    return withUnit(error, pointer, place) ?? quotesNeeded(pointer, place, value)
  }
  const wanted = [...new Set(types)].map(wantedKind).join(' or ')
  const message = `${settingName(pointer)} must be ${wanted}, not ${kindOf(value)}`
  return specError('spec-type', at, message, fixFor(types, pointer, place, tree))
}

function empty(pointer: string, place: Place | undefined, types: readonly string[]): Diagnostic {
  const wanted = [...new Set(types)].map(wantedKind).join(' or ')
  const written = place?.raw ?? ''
  const at = written === '' ? (place?.key ?? place?.value) : place?.value
  const reason = written === '' ? 'is empty' : `is ${written}, which YAML reads as nothing`
  return specError(
    'spec-type',
    at,
    `${settingName(pointer)} ${reason}; it must be ${wanted}`,
    'give it a value or remove the key',
  )
}

/** A bare number where a duration or size belongs lacks its unit, not its quotes. */
function withUnit(error: ErrorObject, pointer: string, place: Place): Diagnostic | undefined {
  const title = wantedTitle(error)
  if ((title !== 'duration' && title !== 'size') || !/^\d/.test(place.raw)) return undefined
  const example = `${place.raw}${title === 'duration' ? 's' : 'MB'}`
  const message = `${settingName(pointer)} is a ${title} and needs a unit`
  return specError('spec-value', place.value, message, `write \`${example}\`, if that is what you mean`)
}

function fixFor(
  types: readonly string[],
  pointer: string,
  place: Place | undefined,
  tree: SpecTree,
): string | undefined {
  const value = valueAt(tree, pointer)
  if (typeof value !== 'string' || isSecretPlace(pointer)) return undefined
  if (types.includes('array')) return `write a list: \`[${place?.raw ?? value}]\``
  if (types.includes('integer') && /^\d+$/.test(value)) return `remove the quotes: \`${value}\``
  if (types.includes('boolean')) {
    if (/^(true|yes|on|y)$/i.test(value)) return 'write `true`'
    if (/^(false|no|off|n)$/i.test(value)) return 'write `false`'
  }
  return place?.expanded === true ? `${writtenValue(tree, pointer)} expands to something else` : undefined
}
