import type { IndexedCatalog } from '../../catalog/indexed.js'
import type { SchemaObject } from '../../catalog/schema-script.js'

export interface SchemaInput {
  readonly source: IndexedCatalog
  readonly target: IndexedCatalog
  /** Whether a table, view, sequence … is in scope. */
  readonly includes: (schema: string, name: string) => boolean
  /** Whether an object of either side's script is in scope. */
  readonly includesObject: (object: SchemaObject) => boolean
  /** Roles that the migration copies: their attributes and grants must be on the target. */
  readonly roles: readonly string[]
}
