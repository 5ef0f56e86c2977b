import {
  isAlias,
  isMap as isYamlMap,
  isScalar,
  isSeq,
  type Document,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Diagnostic } from '../core/diagnostic.js'
import { expandEnv } from './expand-env.js'
import { envDiagnostics } from './env-problem.js'
import type { Locate } from './locate.js'
import { shown, specError } from './report.js'
import { childPointer, isMap, type Place, type SpecTree, type Value } from './spec-tree.js'

const MAX_DEPTH = 40
/** Aliases can multiply: a spec of this many nodes is an attack or an accident. */
const MAX_NODES = 50_000

interface Input {
  readonly document: Document
  readonly text: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly locate: Locate
}

interface Walk extends Input {
  readonly places: Map<string, Place>
  readonly diagnostics: Diagnostic[]
  readonly key: Place['key']
  readonly depth: number
}

/** Follows anchors and merge keys, expands `${env:}` and notes where each node stands. */
export function walkYaml(input: Input): { readonly tree: SpecTree; readonly diagnostics: readonly Diagnostic[] } {
  const walk: Walk = { ...input, places: new Map(), diagnostics: [], key: undefined, depth: 0 }
  const data = readNode(walk, input.document.contents, '')
  return { tree: { data, places: walk.places }, diagnostics: walk.diagnostics }
}

function readNode(walk: Walk, node: unknown, pointer: string): Value {
  if (walk.depth > MAX_DEPTH || walk.places.size > MAX_NODES) {
    return refuse(walk, node, pointer, 'this is nested too deeply, or grows without end through its aliases')
  }
  if (isAlias(node)) {
    const target = node.resolve(walk.document)
    if (target === undefined) return refuse(walk, node, pointer, `no anchor ${shown(node.source)} stands above this`)
    return readNode({ ...walk, depth: walk.depth + 1 }, target, pointer)
  }
  if (isYamlMap(node)) return readMap(walk, node, pointer)
  if (isSeq(node)) return readList(walk, node, pointer)
  return isScalar(node) ? readScalar(walk, node, pointer) : readNothing(walk, pointer)
}

function readMap(walk: Walk, node: YAMLMap, pointer: string): Value {
  note(walk, node, pointer, { style: 'collection' })
  const own: Record<string, Value> = emptyMap()
  let inherited: Record<string, Value> = emptyMap()
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : undefined
    if (key === undefined) {
      walk.diagnostics.push(specError('spec-yaml', locateNode(walk, pair.key ?? node), 'a key must be a word'))
      continue
    }
    const inner: Walk = { ...walk, key: locateNode(walk, pair.key), depth: walk.depth + 1 }
    if (key === '<<') inherited = { ...inherited, ...readMerged(inner, pair.value, pointer) }
    else own[key] = readNode(inner, pair.value, childPointer(pointer, key))
  }
  return Object.assign(emptyMap(), inherited, own)
}

/** `<<: *base` or `<<: [*a, *b]`; the map's own keys win because they are noted after or replaced by the caller. */
function readMerged(walk: Walk, node: unknown, pointer: string): Record<string, Value> {
  const sources: readonly unknown[] = isSeq(node) ? node.items : [node]
  const merged: Record<string, Value> = emptyMap()
  for (const source of [...sources].reverse()) {
    const scratch: Walk = { ...walk, places: new Map() }
    const value = readNode(scratch, source, pointer)
    if (!isMap(value)) refuse(walk, source, childPointer(pointer, '<<'), '`<<` takes a map, by its alias')
    else Object.assign(merged, value)
    for (const [at, place] of scratch.places) if (!walk.places.has(at)) walk.places.set(at, place)
  }
  return merged
}

function readList(walk: Walk, node: YAMLSeq, pointer: string): Value {
  note(walk, node, pointer, { style: 'collection' })
  return node.items.map((item, index) =>
    readNode({ ...walk, key: undefined, depth: walk.depth + 1 }, item, childPointer(pointer, index)),
  )
}

function readScalar(walk: Walk, node: Scalar, pointer: string): Value {
  const style = node.type === 'PLAIN' ? 'plain' : 'quoted'
  const { value } = node
  if (typeof value !== 'string') {
    note(walk, node, pointer, { style })
    return typeof value === 'number' || typeof value === 'boolean' ? value : null
  }
  const expanded = expandEnv(value, walk.env)
  const place = note(walk, node, pointer, { style, expanded: expanded.names.length > 0 })
  const problems = envDiagnostics(expanded.problems, place, walk.env)
  walk.places.set(pointer, { ...place, problems })
  return expanded.text
}

function readNothing(walk: Walk, pointer: string): Value {
  const value = walk.key ?? walk.locate(null)
  walk.places.set(pointer, { value, raw: '', style: 'plain', expanded: false, problems: [], ...keyOf(walk) })
  return null
}

function refuse(walk: Walk, node: unknown, pointer: string, message: string): Value {
  const place = note(walk, node, pointer, { style: 'plain' })
  walk.places.set(pointer, { ...place, problems: [specError('spec-yaml', place.value, message)] })
  return null
}

function note(walk: Walk, node: unknown, pointer: string, about: Partial<Place> & Pick<Place, 'style'>): Place {
  const range = rangeOf(node)
  const raw = range === undefined || about.style === 'collection' ? '' : walk.text.slice(range[0], range[1])
  const place = { value: walk.locate(range), raw, expanded: false, problems: [], ...keyOf(walk), ...about }
  walk.places.set(pointer, place)
  return place
}

function keyOf(walk: Walk): Pick<Place, 'key'> {
  return walk.key === undefined ? {} : { key: walk.key }
}

function locateNode(walk: Walk, node: unknown): Place['value'] {
  return walk.locate(rangeOf(node))
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  if (isScalar(node) || isYamlMap(node) || isSeq(node) || isAlias(node)) return node.range ?? undefined
  return undefined
}

function emptyMap(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>
}
