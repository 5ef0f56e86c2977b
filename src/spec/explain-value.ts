import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { isSecretPlace, settingName, wantedTitle, writtenValue } from './describe-place.js'
import { nearDuration, nearSize } from './quantities.js'
import { specError } from './report.js'
import { childPointer, placeOf, settingPosition, type SpecTree, valueAt } from './spec-tree.js'

/** A value of the right kind that is out of bounds or badly formed. */
export function explainValue(error: ErrorObject, tree: SpecTree): Diagnostic {
  const pointer = subjectPointer(error)
  const place = placeOf(tree, pointer)
  const at = place === undefined ? undefined : settingPosition(place)
  const { message, fix } = describe(error, pointer, tree)
  return specError('spec-value', at, `${settingName(pointer)} ${message}`, fix)
}

/** Of a list that holds something twice, the second of the two. */
function subjectPointer(error: ErrorObject): string {
  return error.keyword === 'uniqueItems'
    ? childPointer(error.instancePath, Math.max(Number(error.params['i']), Number(error.params['j'])))
    : error.instancePath
}

function describe(
  error: ErrorObject,
  pointer: string,
  tree: SpecTree,
): { readonly message: string; readonly fix?: string } {
  switch (error.keyword) {
    case 'minLength':
      return { message: 'is empty' }
    case 'minItems':
      return { message: 'is an empty list; it needs at least one entry' }
    case 'uniqueItems':
      return { message: `lists ${writtenValue(tree, pointer)} a second time`, fix: 'remove one of the two' }
    case 'minimum':
      return { message: `must be at least ${String(error.params['limit'])}` }
    case 'maximum':
      return { message: `must be at most ${String(error.params['limit'])}` }
    case 'pattern':
      return describePattern(error, pointer, tree)
    default:
      return { message: error.message ?? 'is not allowed' }
  }
}

function describePattern(
  error: ErrorObject,
  pointer: string,
  tree: SpecTree,
): { readonly message: string; readonly fix?: string } {
  const title = wantedTitle(error)
  const written = writtenValue(tree, pointer)
  const value = valueAt(tree, pointer)
  const text = typeof value === 'string' ? value : ''
  if (title === 'duration') {
    const near = nearDuration(text)
    const fix = near === undefined ? 'write a number and one of ms, s, min, h, d: `30s`' : `write \`${near}\``
    return { message: `is no duration: ${written}`, fix }
  }
  if (title === 'size') {
    const near = nearSize(text)
    const fix = near === undefined ? 'write a number and one of B, kB, MB, GB, TB: `16MB`' : `write \`${near}\``
    return { message: `is no size: ${written}`, fix }
  }
  if (title === 'migration name') {
    const message = `is ${written}; a name has 1 to 40 letters, digits, \`-\` or \`_\` and begins with a letter or digit`
    return { message }
  }
  if (isSecretPlace(pointer)) {
    return {
      message: 'takes the name of an environment variable, and this is none',
      fix: 'letters, digits and `_` only',
    }
  }
  if (pointer.endsWith('/until')) return { message: `is no date: ${written}`, fix: 'write it as YYYY-MM-DD' }
  if (pointer.endsWith('/ca_on_server')) {
    return { message: `is a path on the server and must be absolute, or \`system\`: ${written}` }
  }
  return { message: `has the wrong form: ${written}` }
}
