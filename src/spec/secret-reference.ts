import type { RawSecret } from './raw-spec.js'
import type { SecretReference } from './spec.js'
import { isList, isMap, type Value } from './spec-tree.js'

/** Turns a path of the spec into the one to open. */
export type ResolvePath = (path: string) => string

/** Whether a value is a secret reference as the schema demands it: exactly one of env, file and command. */
export function isRawSecret(value: Value | undefined): value is RawSecret {
  if (!isMap(value) || Object.keys(value).length !== 1) return false
  const { env, file, command } = value
  if (typeof env === 'string' || typeof file === 'string') return true
  return isList(command) && command.length > 0 && command.every((part) => typeof part === 'string')
}

export function secretReference(raw: RawSecret, resolve: ResolvePath): SecretReference {
  if (raw.env !== undefined) return { env: raw.env }
  if (raw.file !== undefined) return { file: resolve(raw.file) }
  return { command: raw.command }
}
