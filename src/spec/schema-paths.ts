import type { SchemaNode } from './schema-file.js'

/** A setting that a migration may have: `source.admin.user`, `approve[].until`. */
export interface SchemaPath {
  readonly path: string
  /** The schema as it stands at the key, with the schema it refers to folded in. */
  readonly node: SchemaNode
}

/** Every setting under `node` in the order of the schema. */
export function schemaPaths(root: SchemaNode, node: SchemaNode = root, prefix = ''): readonly SchemaPath[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, member]) => {
    if (member === false) return []
    const path = prefix === '' ? key : `${prefix}.${key}`
    const resolved = resolveRef(root, member)
    const inner = [resolved, ...(resolved.anyOf ?? []).map((branch) => resolveRef(root, branch))]
    const below = inner.flatMap((branch) => schemaPaths(root, branch, path))
    const items = resolved.items === undefined ? [] : schemaPaths(root, resolveRef(root, resolved.items), `${path}[]`)
    return [{ path, node: resolved }, ...below, ...items]
  })
}

function resolveRef(root: SchemaNode, node: SchemaNode): SchemaNode {
  const name = node.$ref?.replace('#/$defs/', '')
  const target = name === undefined ? undefined : root.$defs?.[name]
  if (target === undefined) return node
  const { $ref: _, ...own } = node
  return { ...resolveRef(root, target), ...own }
}
