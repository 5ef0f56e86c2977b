import { childPointer, isMap, type Place, type SpecTree, type Value, valueAt } from './spec-tree.js'

/** Unions: half of one and half of the other would be neither. */
const REPLACED_WHOLE: ReadonlySet<string> = new Set(['password', 'url', 'tls'])

/** Migration `index` over the file's defaults: maps are merged, everything else is replaced. */
export function mergeDefaults(tree: SpecTree, index: number): SpecTree {
  const entry = `/migrations/${index}`
  const places = new Map<string, Place>()
  const merge: Merge = { tree, places }
  const body = mergeNode(merge, { own: entry, base: '/defaults', to: '', key: '' })
  adopt(merge, '/version', '/version')
  // A version that is missing is reported once, for the file.
  const version = valueAt(tree, '/version') ?? 1
  return { data: isMap(body) ? { version, ...body } : (body ?? null), places }
}

interface Merge {
  readonly tree: SpecTree
  readonly places: Map<string, Place>
}

interface Step {
  readonly own: string
  readonly base: string
  readonly to: string
  readonly key: string
}

function mergeNode(merge: Merge, step: Step): Value | undefined {
  const own = valueAt(merge.tree, step.own)
  const base = valueAt(merge.tree, step.base)
  if (own === undefined) return take(merge, step.base, step.to)
  if (!isMap(own) || !isMap(base) || REPLACED_WHOLE.has(step.key)) return take(merge, step.own, step.to)
  adopt(merge, step.own, step.to)
  const merged: Record<string, Value> = Object.create(null) as Record<string, Value>
  for (const key of new Set([...Object.keys(base), ...Object.keys(own)])) {
    const value = mergeNode(merge, {
      own: childPointer(step.own, key),
      base: childPointer(step.base, key),
      to: childPointer(step.to, key),
      key,
    })
    if (value !== undefined) merged[key] = value
  }
  return merged
}

function take(merge: Merge, from: string, to: string): Value | undefined {
  for (const at of merge.tree.places.keys()) {
    if (at === from || at.startsWith(`${from}/`)) adopt(merge, at, to + at.slice(from.length))
  }
  return valueAt(merge.tree, from)
}

function adopt({ tree, places }: Merge, from: string, to: string): void {
  const place = tree.places.get(from)
  if (place !== undefined) places.set(to, place)
}
