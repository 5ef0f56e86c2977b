import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { settingName } from './describe-place.js'
import { specError } from './report.js'
import { placeOf, type SpecTree } from './spec-tree.js'

const EXAMPLES: Readonly<Record<string, string>> = {
  name: 'name: shop',
  migrations: 'migrations: [{ name: … }]',
  stage: 'stage: replicating',
  source: 'source: { url: { env: SOURCE_URL } }',
  target: 'target: { url: { env: TARGET_URL } }',
  roles: 'roles: { replication: { password: { env: BELT_REPLICATION_PASSWORD } } }',
  replication: 'replication: { password: { env: BELT_REPLICATION_PASSWORD } }',
  password: 'password: { env: BELT_REPLICATION_PASSWORD }',
  host: 'host: db.internal',
  database: 'database: shop',
  admin: 'admin: { user: postgres, password: { env: SOURCE_ADMIN_PASSWORD } }',
  user: 'user: postgres',
  mode: 'mode: verify-full',
  hazard: 'hazard: write-pause',
  action: 'action: fence.source',
  reason: 'reason: "CHG-4411"',
  until: 'until: 2026-12-05',
  cert: 'cert: certs/belt.pem',
  key: 'key: certs/belt.key',
}

/** All keys that one map misses, in one message, with lines to add. */
export function explainMissing(error: ErrorObject, group: readonly ErrorObject[], tree: SpecTree): Diagnostic {
  const pointer = error.instancePath
  const place = placeOf(tree, pointer)
  const at = place?.key ?? place?.value
  if (error.keyword === 'minProperties') {
    const message = `${settingName(pointer)} says nothing; it must name one of env, file and command`
    return specError('spec-missing-key', at, message)
  }
  const missing = [...new Set(group.flatMap(missingKey))]
  if (missing.includes('version')) {
    return specError('spec-version', at, 'the spec does not say which version of the format it is', 'add `version: 1`')
  }
  const examples = missing.map((key) => `\`${exampleFor(key, pointer)}\``)
  const without = pointer.startsWith('/source') || pointer.startsWith('/target') ? urlHint(missing) : ''
  const message = `${settingName(pointer)} misses ${joinWords(missing.map((key) => `\`${key}\``))}${without}`
  return specError('spec-missing-key', at, message, `add ${joinWords(examples)}`)
}

function missingKey(error: ErrorObject): readonly string[] {
  const key: unknown = error.params['missingProperty']
  return typeof key === 'string' ? [key] : []
}

function urlHint(missing: readonly string[]): string {
  return missing.includes('host') ? ' (or one `url` for all of them)' : ''
}

function exampleFor(key: string, pointer: string): string {
  const example = Object.hasOwn(EXAMPLES, key) ? EXAMPLES[key] : undefined
  const text = example ?? `${key}: …`
  return pointer.startsWith('/target') ? text.replace('SOURCE_', 'TARGET_') : text
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}
