import type { Diagnostic } from '../core/diagnostic.js'
import { isSecretPlace, settingName } from './describe-place.js'
import { specError } from './report.js'
import { type Place, type SpecTree, valueAt } from './spec-tree.js'

/** Text is wanted and the scalar is written bare, so that YAML reads it as something else. */
export function quotesNeeded(pointer: string, place: Place, value: number | boolean | string): Diagnostic {
  const reading = isSecretPlace(pointer) ? 'YAML does not read this value as text' : explainReading(place.raw, value)
  const fix = isSecretPlace(pointer) ? 'put it in quotes' : `quote it: "${place.raw}"`
  return specError('spec-needs-quotes', place.value, `${settingName(pointer)} must be text, and ${reading}`, fix)
}

/** Words that YAML 1.2 reads as text and YAML 1.1 (most other tools) as a boolean. */
export function findAmbiguousWords(tree: SpecTree): readonly Diagnostic[] {
  return [...tree.places].flatMap(([pointer, place]) => {
    if (place.style !== 'plain' || !/^(y|n|yes|no|on|off)$/i.test(place.raw)) return []
    if (typeof valueAt(tree, pointer) !== 'string' || isSecretPlace(pointer)) return []
    const message = `${settingName(pointer)} is \`${place.raw}\`, which other YAML readers take for true or false`
    return [specError('spec-needs-quotes', place.value, message, `quote it: "${place.raw}"`)]
  })
}

function explainReading(raw: string, value: number | boolean | string): string {
  if (typeof value === 'boolean') return `YAML reads \`${raw}\` as a boolean`
  const reading = `YAML reads \`${raw}\` as the number ${String(value)}`
  if (/^[-+]?0\d/.test(raw)) return `${reading} (older YAML: as octal)`
  if (typeof value === 'number' && /^\d+$/.test(raw) && !Number.isSafeInteger(value))
    return `${reading}, which loses digits`
  return reading
}
