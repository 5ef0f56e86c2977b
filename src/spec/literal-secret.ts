import type { Diagnostic } from '../core/diagnostic.js'
import { settingName } from './describe-place.js'
import { wholeEnvReference } from './expand-env.js'
import { specError } from './report.js'
import { pointerParts, type Place, type SpecTree, valueAt } from './spec-tree.js'

/** A password written where only a reference to it may stand. */
export function literalSecret(pointer: string, place: Place): Diagnostic {
  const variable = wholeEnvReference(place.raw.replace(/^["']|["']$/g, ''))
  const key = pointerParts(pointer).at(-1) ?? 'password'
  const message =
    variable === undefined
      ? `${settingName(pointer)} is written out; a spec holds only references to secrets`
      : `${settingName(pointer)} must be a reference; \`\${env:}\` would put the secret itself into the spec`
  const fix = `write \`${key}: { env: ${variable ?? suggestedVariable(pointer)} }\`, or \`{ file: … }\`, or \`{ command: […] }\``
  return specError('spec-literal-secret', place.value, message, fix)
}

/** Secrets inside other texts: a URL with a password, or a connection string with `password=`. */
export function findLiteralSecrets(tree: SpecTree): readonly Diagnostic[] {
  return [...tree.places].flatMap(([pointer, place]) => {
    const value = valueAt(tree, pointer)
    if (typeof value !== 'string' || !holdsPassword(value)) return []
    if (/^\/(source|target)\/url$/.test(pointer)) {
      return isWholeEnv(place) ? [] : [literalSecret(pointer, place)]
    }
    const message = `${settingName(pointer)} holds a password; a spec holds only references to secrets`
    return [specError('spec-literal-secret', place.value, message, 'keep the password out of this text')]
  })
}

/** `url: ${env:SOURCE_URL}` means `url: { env: SOURCE_URL }`: nothing of it stands in the file. */
export function isWholeEnv(place: Place): boolean {
  return wholeEnvReference(place.raw.replace(/^["']|["']$/g, '')) !== undefined
}

/** True for `scheme://user:password@…`, `?password=…` and `password=…` of a libpq connection string. */
export function holdsPassword(text: string): boolean {
  return (
    /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#@:]*:[^\s@]+@/i.test(text) ||
    /(^|[\s'"?&;])(ssl)?password\s*=\s*[^\s&;]/i.test(text)
  )
}

function suggestedVariable(pointer: string): string {
  if (pointer.endsWith('/url')) return pointer.startsWith('/target') ? 'TARGET_URL' : 'SOURCE_URL'
  if (pointer.startsWith('/roles')) return 'BELT_REPLICATION_PASSWORD'
  return pointer.startsWith('/target') ? 'TARGET_ADMIN_PASSWORD' : 'SOURCE_ADMIN_PASSWORD'
}
