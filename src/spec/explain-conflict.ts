import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { settingName } from './describe-place.js'
import { specError } from './report.js'
import { placeOf, pointerParts, type SpecTree } from './spec-tree.js'

/** Two settings that cannot stand together. */
export function explainConflict(error: ErrorObject, tree: SpecTree): Diagnostic {
  const pointer = error.instancePath
  const place = placeOf(tree, pointer)
  const at = place?.key ?? place?.value
  if (error.keyword === 'maxProperties') {
    const message = `${settingName(pointer)} names several sources; it must be one of env, file and command`
    return specError('spec-conflict', at, message, 'keep one of them')
  }
  if (pointerParts(pointer).length === 1) {
    const message = `${settingName(pointer)} stands beside \`migrations\`, where it belongs to none of them`
    return specError('spec-conflict', at, message, 'put it under `defaults:`, or into one of the migrations')
  }
  const url = settingName(`${pointer.slice(0, pointer.lastIndexOf('/'))}/url`)
  const fix = pointer.endsWith('/tls')
    ? 'put it into the URL (`?sslmode=…&sslrootcert=…`), or write host, port, database, tls and admin instead of the URL'
    : 'remove it, or write host, port, database, tls and admin instead of the URL'
  return specError('spec-conflict', at, `${settingName(pointer)} stands beside ${url}, which says it already`, fix)
}
