import type { Diagnostic, Position } from '../core/diagnostic.js'

/** What YAML can hold once anchors are followed. Maps have no prototype, so that no key is special. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value }

/** How one node stands in the file. */
export interface Place {
  /** The value itself. */
  readonly value: Position
  /** Its key, for an entry of a map. */
  readonly key?: Position
  /** The node's own text. */
  readonly raw: string
  readonly style: 'plain' | 'quoted' | 'collection'
  /** True when `${env:}` put text in: the value may be secret and is shown as `raw`. */
  readonly expanded: boolean
  /** What reading found wrong with the node; nothing more is said about it then. */
  readonly problems: readonly Diagnostic[]
}

/** The file (or one migration of it) as plain data, with the place of each node by JSON pointer. */
export interface SpecTree {
  readonly data: Value
  readonly places: ReadonlyMap<string, Place>
}

export function isMap(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

/** Pointer of a member (RFC 6901). */
export function childPointer(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

export function pointerParts(pointer: string): readonly string[] {
  const parts = pointer.split('/').slice(1)
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** `/source/admin` as people write it: `source.admin`. */
export function dottedPath(pointer: string): string {
  return pointerParts(pointer).join('.')
}

export function valueAt(tree: SpecTree, pointer: string): Value | undefined {
  let value: Value | undefined = tree.data
  for (const part of pointerParts(pointer)) {
    if (isList(value)) value = value[Number(part)]
    else if (isMap(value) && Object.hasOwn(value, part)) value = value[part]
    else return undefined
  }
  return value
}

/** The string at the pointer, unless it is something else or has been reported already. */
export function stringAt(tree: SpecTree, pointer: string): string | undefined {
  const value = valueAt(tree, pointer)
  return typeof value === 'string' && !isReported(tree, pointer) ? value : undefined
}

export function isReported(tree: SpecTree, pointer: string): boolean {
  return (tree.places.get(pointer)?.problems.length ?? 0) > 0
}

/** The strings of the list at the pointer with their pointers. */
export function stringsAt(tree: SpecTree, pointer: string): readonly { readonly text: string; readonly at: string }[] {
  const list = valueAt(tree, pointer)
  if (!isList(list)) return []
  return list.flatMap((_, index) => {
    const at = childPointer(pointer, index)
    const text = stringAt(tree, at)
    return text === undefined ? [] : [{ text, at }]
  })
}

/** The place of a node, or of the nearest node around it that stands in the file. */
export function placeOf(tree: SpecTree, pointer: string): Place | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = tree.places.get(at)
    if (place !== undefined || at === '') return place
  }
}

/** Where a setting stands: a scalar's own text, a map's or list's key. */
export function settingPosition(place: Place): Position {
  return place.style === 'collection' ? (place.key ?? place.value) : place.value
}
