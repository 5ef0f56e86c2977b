import type { Diagnostic, Position } from '../core/diagnostic.js'
import { didYouMean } from '../core/nearest-words.js'
import type { Placed } from './config.js'
import type { JsonNode, JsonPlace } from './json-node.js'

const KINDS: Readonly<Record<JsonNode['is'], string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
}

/**
 * The members of one JSON object, taken one by one. What is wrong, missing or left over is told with its place and its
 * key; values are never told, since any of them may be a password in the wrong place.
 */
export class Members {
  readonly at: Position
  readonly #path: string
  readonly #file: string
  readonly #values = new Map<string, JsonNode>()
  readonly #keys = new Map<string, JsonPlace>()
  readonly #found: Diagnostic[]

  constructor(node: Extract<JsonNode, { is: 'object' }>, path: string, file: string, found: Diagnostic[]) {
    this.#path = path
    this.#file = file
    this.#found = found
    this.at = { file, ...node.at }
    for (const { key, keyAt, value } of node.members) {
      if (this.#values.has(key))
        this.error(keyAt, 'import-duplicate', `${this.name(key)} stands here twice`, 'Keep one.')
      this.#values.set(key, value)
      this.#keys.set(key, keyAt)
    }
  }

  /** `src.root_user.name` */
  name(key: string): string {
    const shown =
      key.length > 60 || /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/.test(key) ? JSON.stringify(key.slice(0, 40)) : key
    return this.#path === '' ? shown : `${this.#path}.${shown}`
  }

  /** The value of a key, which is then no longer left over; undefined when it is missing or null. */
  optional(key: string): JsonNode | undefined {
    const value = this.#values.get(key)
    this.#keys.delete(key)
    return value?.is === 'null' ? undefined : value
  }

  object(key: string): Members | undefined {
    const value = this.#required(key)
    if (value === undefined) return undefined
    if (value.is === 'object') return new Members(value, this.name(key), this.#file, this.#found)
    this.#wrong(key, value, 'an object')
    return undefined
  }

  /** A string that is not empty and no placeholder of pgbelt's template. */
  text(key: string): Placed | undefined {
    const value = this.#required(key)
    if (value === undefined) return undefined
    if (value.is === 'string') return this.#filled(key, value)
    this.#wrong(key, value, 'a string')
    return undefined
  }

  /** As `text`, of a member that may be missing or null. */
  optionalText(key: string): Placed | undefined {
    const value = this.optional(key)
    if (value === undefined) return undefined
    if (value.is === 'string') return this.#filled(key, value)
    this.#wrong(key, value, 'a string')
    return undefined
  }

  /** A list of strings; none when it is missing or null. */
  texts(key: string): readonly Placed[] {
    const value = this.optional(key)
    if (value === undefined) return []
    if (value.is !== 'array') {
      this.#wrong(key, value, 'a list of strings')
      return []
    }
    return value.items.flatMap((item) => {
      if (item.is === 'string') return this.#filled(key, item) ?? []
      this.#wrong(key, item, 'a list of strings')
      return []
    })
  }

  /** A list of objects; none when it is missing or null. */
  objects(key: string): readonly Members[] {
    const value = this.optional(key)
    if (value === undefined) return []
    if (value.is !== 'array') {
      this.#wrong(key, value, 'a list of objects')
      return []
    }
    return value.items.flatMap((item, index) => {
      const name = `${this.name(key)}.${String(index)}`
      if (item.is === 'object') return new Members(item, name, this.#file, this.#found)
      this.#wrong(key, item, 'a list of objects')
      return []
    })
  }

  port(key: string): number | undefined {
    const value = this.#required(key)
    if (value === undefined) return undefined
    const port = value.is === 'number' ? value.value : value.is === 'string' ? Number(value.text) : Number.NaN
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
    this.error(value.at, 'import-value', `${this.name(key)} is not a port from 1 to 65535`)
    return undefined
  }

  /** Where a password stands, so that the user can be told; its value is not looked at. */
  secret(key: string): Position | undefined {
    const value = this.optional(key)
    return value === undefined ? undefined : this.position(value.at)
  }

  position(at: JsonPlace): Position {
    return { file: this.#file, ...at }
  }

  error(at: JsonPlace, code: string, message: string, fix?: string): void {
    this.#tell('error', at, code, message, fix)
  }

  warn(at: JsonPlace, code: string, message: string, fix?: string): void {
    this.#tell('warning', at, code, message, fix)
  }

  /** Tells every key that nobody asked for. `known` are those that exist here. */
  leftOver(known: readonly string[]): void {
    for (const [key, at] of this.#keys) {
      const near = didYouMean(key, known)
      this.warn(at, 'import-unknown-key', `${this.name(key)} is left out: belt knows no such field of pgbelt${near}`)
    }
  }

  #required(key: string): JsonNode | undefined {
    const value = this.optional(key)
    if (value !== undefined) return value
    const there = this.#values.get(key)
    const how = there === undefined ? 'missing' : 'null'
    this.error(there?.at ?? this.at, 'import-missing', `${this.name(key)} is ${how}`)
    return undefined
  }

  #filled(key: string, value: Extract<JsonNode, { is: 'string' }>): Placed | undefined {
    const { text, at } = value
    const problem = problemOf(text)
    if (problem === undefined) return { text, at: this.position(at) }
    this.error(at, problem.code, `${this.name(key)} ${problem.what}`)
    return undefined
  }

  #wrong(key: string, { is, at }: JsonNode, wanted: string): void {
    this.error(at, 'import-type', `${this.name(key)} is ${KINDS[is]}, and pgbelt has ${wanted} there`)
  }

  #tell(severity: Diagnostic['severity'], at: JsonPlace, code: string, message: string, fix: string | undefined): void {
    this.#found.push({ severity, code, message, at: this.position(at), ...(fix === undefined ? {} : { fix }) })
  }
}

function problemOf(text: string): { readonly code: string; readonly what: string } | undefined {
  if (text.trim() === '') return { code: 'import-missing', what: 'is empty' }
  if (/^<.*>$/.test(text)) return { code: 'import-missing', what: "is still the placeholder of pgbelt's template" }
  if (/[\u0000-\u001f\u007f]/.test(text)) return { code: 'import-value', what: 'holds a control character' }
  return undefined
}
