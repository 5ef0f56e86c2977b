import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { didYouMean, nearestWords } from '../core/nearest-words.js'
import { kindOf, settingName, writtenValue } from './describe-place.js'
import { specError } from './report.js'
import { placeOf, settingPosition, type SpecTree, valueAt } from './spec-tree.js'

/** A word that is none of the words allowed, or a version that is not 1. */
export function explainEnum(error: ErrorObject, tree: SpecTree): Diagnostic {
  const pointer = error.instancePath
  const place = placeOf(tree, pointer)
  const at = place === undefined ? undefined : settingPosition(place)
  if (error.keyword === 'const') return wrongVersion(tree, pointer)
  const words = allowedWords(error)
  const value = valueAt(tree, pointer)
  if (typeof value !== 'string') {
    const emptyAt = place?.raw === '' ? (place.key ?? at) : at
    const message = `${settingName(pointer)} must be one of ${words.join(', ')}, not ${kindOf(value)}`
    return specError('spec-type', emptyAt, message)
  }
  const near = nearestWords(value, words)[0]
  const message = `${settingName(pointer)} cannot be ${writtenValue(tree, pointer)}${didYouMean(value, words)}`
  const fix =
    near === undefined ? `use one of ${words.join(', ')}` : `write \`${near}\`, or another of ${words.join(', ')}`
  return specError('spec-enum', at, message, fix)
}

function wrongVersion(tree: SpecTree, pointer: string): Diagnostic {
  const place = placeOf(tree, pointer)
  const value = valueAt(tree, pointer)
  if (value === null) return specError('spec-version', place?.key, 'the spec has no version', 'write `version: 1`')
  const message =
    value === '1'
      ? '`version` must be a number'
      : `this is version ${writtenValue(tree, pointer)} of the spec format; this belt reads version 1`
  return specError('spec-version', place?.value, message, 'write `version: 1`')
}

function allowedWords(error: ErrorObject): readonly string[] {
  const words: unknown = error.params['allowedValues']
  return Array.isArray(words) ? words.map(String) : []
}
