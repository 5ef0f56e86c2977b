import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { foldSchemaErrors } from './fold-schema-errors.js'
import type { RawSpec } from './raw-spec.js'
import { readSpecSchema, type SchemaNode } from './schema-file.js'
import { schemaPaths } from './schema-paths.js'
import { isList, isMap, pointerParts, type SpecTree, type Value } from './spec-tree.js'

/** Checks data against the schema; all errors, each with the part of the schema that raised it. */
export type CheckShape = (data: Value) => readonly ErrorObject[]

export interface ShapeValidator {
  readonly check: CheckShape
  /** The same check as a type: RawSpec transcribes the schema. */
  readonly accepts: (data: unknown) => data is RawSpec
  /** Every setting a migration may have, dotted. */
  readonly knownPaths: readonly string[]
}

/** Compiles the schema. That it is a valid one is for the tests to say: checking it takes longer than all the rest. */
export function createShapeValidator(schema: SchemaNode = readSpecSchema()): ShapeValidator {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strictTypes: false,
    strictRequired: false,
    validateSchema: false,
    // Optimizing the generated code costs more than a spec's few checks can win back.
    code: { optimize: false },
  })
  ajv.addVocabulary(['enumDescriptions'])
  const validate = ajv.compile<RawSpec>(schema)
  const check: CheckShape = (data) => (validate(data) ? [] : [...(validate.errors ?? [])])
  const known = schemaPaths(schema).map(({ path }) => path)
  const accepts = (data: unknown): data is RawSpec => validate(data)
  return { check, accepts, knownPaths: known.filter((path) => !/^(defaults|migrations)\b/.test(path)) }
}

/**
 * The tree with `${env:}` texts turned into the numbers and booleans that their places ask for,
 * and what is still wrong with its shape.
 */
export function validateShape(
  tree: SpecTree,
  { check, knownPaths }: Pick<ShapeValidator, 'check' | 'knownPaths'>,
): { readonly tree: SpecTree; readonly diagnostics: readonly Diagnostic[] } {
  const errors = check(tree.data)
  const coerced = errors.reduce((data, error) => coerceExpanded(data, error, tree), tree.data)
  const after = coerced === tree.data ? tree : { ...tree, data: coerced }
  const remaining = after === tree ? errors : check(coerced)
  return { tree: after, diagnostics: foldSchemaErrors(remaining, after, knownPaths) }
}

function coerceExpanded(data: Value, error: ErrorObject, tree: SpecTree): Value {
  const text: unknown = error.data
  const place = tree.places.get(error.instancePath)
  if (error.keyword !== 'type' || typeof text !== 'string' || place?.expanded !== true) return data
  const wanted: unknown = error.params['type']
  const value = wanted === 'integer' ? asInteger(text) : wanted === 'boolean' ? asBoolean(text) : undefined
  return value === undefined ? data : replaceAt(data, pointerParts(error.instancePath), value)
}

function asInteger(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function asBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}

function replaceAt(data: Value, path: readonly string[], value: Value): Value {
  const [head, ...rest] = path
  if (head === undefined) return value
  if (isList(data)) return data.map((item, index) => (String(index) === head ? replaceAt(item, rest, value) : item))
  const member = isMap(data) ? data[head] : undefined
  if (!isMap(data) || member === undefined) return data
  return { ...data, [head]: replaceAt(member, rest, value) }
}
