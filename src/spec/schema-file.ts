import { createRequire } from 'node:module'

/** A JSON Schema, as far as belt reads it itself. */
export interface SchemaNode {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, SchemaNode>>
  readonly title?: string
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, SchemaNode | false>>
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly enum?: readonly string[]
  readonly enumDescriptions?: readonly string[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
}

/** The public contract, read from the package: `schemas/` lies beside both `src/` and `dist/`. */
export function readSpecSchema(): SchemaNode {
  const require = createRequire(import.meta.url)
  const schema: unknown = require('../../schemas/spec.schema.json')
  return schema as SchemaNode
}
