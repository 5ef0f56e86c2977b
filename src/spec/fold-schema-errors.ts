import type { ErrorObject } from 'ajv/dist/2020.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { explainConflict } from './explain-conflict.js'
import { explainEnum } from './explain-enum.js'
import { explainMissing } from './explain-missing.js'
import { explainType } from './explain-type.js'
import { explainUnknownKey } from './explain-unknown-key.js'
import { explainValue } from './explain-value.js'
import { childPointer, isMap, isReported, valueAt, type SpecTree } from './spec-tree.js'

/** Which of several errors about one node says most: the smaller the better. */
const RANK: Readonly<Record<string, number>> = { type: 0, const: 1, enum: 1, additionalProperties: 2, required: 3 }

/** ajv's errors as few human ones: unions settled by what the user wrote, one message per node. */
export function foldSchemaErrors(
  errors: readonly ErrorObject[],
  tree: SpecTree,
  knownPaths: readonly string[],
): readonly Diagnostic[] {
  const unions = new Set(errors.filter((e) => e.keyword === 'anyOf').map((e) => e.instancePath))
  const useful = errors.filter((e) => isUseful(e, unions, tree))
  const groups = groupBy(useful, subjectOf)
  return [...groups.values()].flatMap((group) => {
    const [best] = [...group].sort((a, b) => (RANK[a.keyword] ?? 9) - (RANK[b.keyword] ?? 9))
    return best === undefined || isReported(tree, best.instancePath) ? [] : explain(best, group, tree, knownPaths)
  })
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** What the error is about: the unknown key or the version itself, else the node. */
function subjectOf(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties') {
    return childPointer(error.instancePath, String(error.params['additionalProperty']))
  }
  return error.params['missingProperty'] === 'version' ? '/version' : error.instancePath
}

/** `if` and `anyOf` only repeat what their branches say; of a union, the branch of the written type speaks. */
function isUseful(error: ErrorObject, unions: ReadonlySet<string>, tree: SpecTree): boolean {
  if (error.keyword === 'if' || error.keyword === 'anyOf') return false
  if (!unions.has(error.instancePath)) return true
  const written = valueAt(tree, error.instancePath)
  if (error.keyword === 'type') return !(typeof written === 'string' || isMap(written))
  return error.keyword !== 'enum' || typeof written === 'string'
}

function explain(
  error: ErrorObject,
  group: readonly ErrorObject[],
  tree: SpecTree,
  knownPaths: readonly string[],
): readonly Diagnostic[] {
  switch (error.keyword) {
    case 'type':
      return [explainType(error, group, tree)]
    case 'required':
    case 'dependentRequired':
    case 'minProperties':
      return [explainMissing(error, group, tree)]
    case 'additionalProperties':
      return [explainUnknownKey(error, tree, knownPaths)]
    case 'enum':
    case 'const':
      return [explainEnum(error, tree)]
    case 'false schema':
    case 'maxProperties':
      return [explainConflict(error, tree)]
    default:
      return [explainValue(error, tree)]
  }
}
